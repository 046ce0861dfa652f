import type { WorkflowDefinition } from './definition.ts';

/** What is known of an issue before its workflow starts. */
export interface IssueFacts {
  /** Type the starter named; null: none. */
  readonly type: string | null;
  /** Asked only when a workflow differs by type. */
  readonly labels: () => Promise<readonly string[]>;
}

/** Other words for a type, as labels have them. */
const SYNONYMS: Readonly<Record<string, string>> = {
  enhancement: 'feature',
  'new feature': 'feature',
  defect: 'bug',
  regression: 'bug',
  chore: 'task',
  refactor: 'task',
  maintenance: 'task',
  research: 'spike',
};

/** The workflow as it holds for this issue: by the type that was named, else by the first label that is one. */
export async function chooseVariant(
  definition: WorkflowDefinition,
  { type, labels }: IssueFacts,
): Promise<WorkflowDefinition> {
  const { variants } = definition;
  if (variants === undefined) return definition;
  const chosen = type ?? typeOf(await labels(), Object.keys(variants));
  const variant = chosen !== null && Object.hasOwn(variants, chosen) ? variants[chosen] : undefined;
  return variant ?? definition;
}

/** `bug`, `type: bug`, `kind/bug` and `Type/Bug` all mean bug. */
export function typeOf(labels: readonly string[], types: readonly string[]): string | null {
  for (const label of labels) {
    const word = label.toLowerCase().replace(/^(?:type|kind)\s*[:/]\s*/, '');
    const type = (Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word] : undefined) ?? word;
    if (types.includes(type)) return type;
  }
  return null;
}
