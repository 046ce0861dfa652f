import type { Attempt } from './attempt.ts';
import type { StepDeps } from './step-deps.ts';

/** What people can do about a step that timed out. */
export function recoveryHint(
  { settings }: StepDeps,
  { node }: Attempt,
  kind: 'command' | 'function',
): string {
  const look =
    kind === 'command'
      ? 'What it printed until then is kept with the run.'
      : 'What it waited for may have happened since: look before you repeat it.';
  return `${look} \`/${settings.prefix} retry ${node}\` tries it again; a larger \`timeout\` gives it more time.`;
}
