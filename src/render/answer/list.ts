import { cleanLine, code } from '../text/clean-text.ts';

export interface ListedWorkflow {
  readonly name: string;
  readonly description: string;
  readonly origin: 'built-in' | 'repository' | 'organisation';
  readonly steps: number;
  readonly gates: number;
  /** Its label and its command; null if it has none. */
  readonly ways: { readonly label: string | null; readonly command: string | null };
}

/** The workflows that can be started here. */
export function renderList(workflows: readonly ListedWorkflow[], prefix: string): string {
  if (workflows.length === 0)
    return `There are no workflows here. \`/${prefix} help workflows\` says where they go.`;
  const rows = workflows.slice(0, MAX_ROWS).map((workflow) => {
    const { name, description, origin, steps, gates } = workflow;
    const what = [cleanLine(description, 200), ...waysOf(workflow, prefix)].join(' ').trim();
    return `| ${code(name)} | ${what} | ${steps} | ${gates === 0 ? '' : gates} | ${ORIGINS[origin]} |`;
  });
  const example = workflows.find(hasBothWays)?.name ?? workflows[0]?.name ?? '';
  const left = workflows.length - MAX_ROWS;
  return [
    ['| Workflow | For | Steps | Gates | From |', '|---|---|---|---|---|', ...rows].join('\n'),
    ...(left > 0 ? [`…and ${left} more.`] : []),
    `Start one with its label, such as ${code(`${prefix}:${example}`)}, or with ${code(`/${prefix} run ${example}`)}.`,
  ].join('\n\n');
}

function hasBothWays({ name, ways }: ListedWorkflow): boolean {
  return ways.label === name && ways.command === name;
}

/** How it is started, if not by its own name. */
function waysOf(workflow: ListedWorkflow, prefix: string): readonly string[] {
  if (hasBothWays(workflow)) return [];
  const { label, command } = workflow.ways;
  const ways = [
    ...(label === null ? [] : [code(`${prefix}:${label}`)]),
    ...(command === null ? [] : [code(`/${prefix} run ${command}`)]),
  ];
  return [ways.length === 0 ? '(nobody starts it)' : `(${ways.join(', ')})`];
}

const MAX_ROWS = 100;

const ORIGINS = {
  'built-in': 'built in',
  repository: 'this repository',
  organisation: 'the organisation',
} as const;
