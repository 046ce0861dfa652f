import type { Attempt } from './execute-node.ts';

/** What people can do about a step that ran out of time. */
export function recoveryHint({ node, stored }: Attempt, kind: 'command' | 'function'): string {
  const look =
    kind === 'command'
      ? 'Its output up to then is kept with the run.'
      : 'What it waited for may still have happened: look before you repeat it.';
  const id = node.slice(node.lastIndexOf('/') + 1);
  return `${look} \`/retry ${id}\` tries it again in run ${stored.run.id}; a larger \`timeout\` gives it more time.`;
}
