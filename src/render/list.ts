import { cleanLine, code } from './clean-text.ts';

export interface ListedWorkflow {
  readonly name: string;
  readonly description: string;
  readonly origin: 'built-in' | 'repository' | 'organisation';
  readonly steps: number;
  readonly gates: number;
}

/** The workflows that can be started here. */
export function renderList(workflows: readonly ListedWorkflow[], prefix: string): string {
  if (workflows.length === 0)
    return `There are no workflows here. \`/${prefix} help workflows\` says where they go.`;
  const rows = workflows.slice(0, MAX_ROWS).map(({ name, description, origin, steps, gates }) => {
    const what = cleanLine(description, 200);
    return `| ${code(name)} | ${what} | ${steps} | ${gates === 0 ? '' : gates} | ${ORIGINS[origin]} |`;
  });
  const left = workflows.length - MAX_ROWS;
  return [
    ['| Workflow | For | Steps | Gates | From |', '|---|---|---|---|---|', ...rows].join('\n'),
    ...(left > 0 ? [`…and ${left} more.`] : []),
    `Start one with its label, such as ${code(`${prefix}:${workflows[0]?.name ?? ''}`)}, or with ${code(`/${prefix} run ${workflows[0]?.name ?? ''}`)}.`,
  ].join('\n\n');
}

const MAX_ROWS = 100;

const ORIGINS = {
  'built-in': 'built in',
  repository: 'this repository',
  organisation: 'the organisation',
} as const;
