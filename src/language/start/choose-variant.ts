import type { WorkflowDefinition } from '../native/syntax/definition.ts';

/** What is known about an issue or pull request before its workflow starts. */
export interface IssueFacts {
  /** Type the starter named; null if none. */
  readonly type: string | null;
  /** Only called if a workflow differs by type. */
  readonly labels: () => Promise<readonly string[]>;
  /** Teams that own what is changed, the one owning most first. Only called if no label names a team. */
  readonly owners: () => Promise<readonly string[]>;
}

/** Other words for a type, as used in labels. */
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

/**
 * The workflow as it applies to this issue: for the team that a label or else `CODEOWNERS` names,
 * and for the type that was named, else the first label that is a type.
 */
export async function chooseVariant(
  general: WorkflowDefinition,
  facts: IssueFacts,
): Promise<WorkflowDefinition> {
  const definition = await forTeam(general, facts);
  const { variants } = definition;
  if (variants === undefined) return definition;
  const { type, labels } = facts;
  const chosen = type ?? typeOf(await labels(), Object.keys(variants));
  const variant = chosen !== null && Object.hasOwn(variants, chosen) ? variants[chosen] : undefined;
  return variant ?? definition;
}

async function forTeam(
  definition: WorkflowDefinition,
  { labels, owners }: IssueFacts,
): Promise<WorkflowDefinition> {
  const { teams } = definition;
  if (teams === undefined) return definition;
  const team =
    teamOf(await labels(), Object.keys(teams)) ?? first(await owners(), Object.keys(teams));
  return (team === null ? undefined : teams[team]) ?? definition;
}

/** `team:web`, `team: web` and `Team/Web` all mean web. */
function teamOf(labels: readonly string[], teams: readonly string[]): string | null {
  const named = labels.flatMap((label) => /^team\s*[:/]\s*(.+)$/i.exec(label)?.[1] ?? []);
  return first(named, teams);
}

/** The first word that is a team, spelled as where teams are declared. */
function first(words: readonly string[], teams: readonly string[]): string | null {
  const known = new Map(teams.map((team) => [team.toLowerCase(), team]));
  const found = words
    .map((word) => known.get(word.toLowerCase()))
    .find((team) => team !== undefined);
  return found ?? null;
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
