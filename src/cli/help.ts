import type { CliCommand, OptionSpec } from './command.ts';

export function overview(commands: Readonly<Record<string, CliCommand>>): string {
  const rows = Object.values(commands).map(({ usage, summary }) => [usage, summary] as const);
  return `Sluice: writes, checks and tries workflows without running them.

Usage: sluice <command> [options]

${columns(rows)}

\`sluice <command> --help\` says more. Exit status: 0 all well, 1 problems found, 2 wrong usage.
`;
}

export function commandHelp(
  name: string,
  { usage, summary, details, options }: CliCommand,
): string {
  const all: Readonly<Record<string, OptionSpec>> = { ...options, help: HELP };
  const rows = Object.entries(all).map(([key, { help, value }]) => {
    return [`--${key}${value === undefined ? '' : ` <${value}>`}`, help] as const;
  });
  return `sluice ${name}: ${summary}

Usage: sluice ${usage}

${details}

Options:
${columns(rows)}
`;
}

const HELP: OptionSpec = { type: 'boolean', help: 'Show this help.' };

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
