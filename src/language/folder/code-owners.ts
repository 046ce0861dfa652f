import { segmentsFit } from '../../wildcards.ts';

export interface OwnerRule {
  readonly pattern: string;
  /** As written there: `@user`, `@organisation/team` or an address. */
  readonly owners: readonly string[];
}

/** The lines of a `CODEOWNERS` file that mean something. */
export function readCodeOwners(text: string): readonly OwnerRule[] {
  return text.split('\n').flatMap((line) => {
    const [pattern = '', ...owners] = line
      .replace(/(?:^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    return pattern === '' ? [] : [{ pattern, owners }];
  });
}

/** Who owns a path: the last matching rule decides, and it may name nobody. */
export function ownersOf(rules: readonly OwnerRule[], path: string): readonly string[] {
  const segments = path.split('/');
  return rules.findLast(({ pattern }) => fitsPath(pattern, segments))?.owners ?? [];
}

/** Slugs of an organisation's teams that own these paths, the one that owns most of them first. */
export function owningTeams(
  rules: readonly OwnerRule[],
  paths: readonly string[],
  organisation: string,
): readonly string[] {
  const prefix = `@${organisation.toLowerCase()}/`;
  const counts = new Map<string, number>();
  for (const owner of paths.flatMap((path) => ownersOf(rules, path))) {
    if (!owner.toLowerCase().startsWith(prefix)) continue;
    const slug = owner.slice(prefix.length).toLowerCase();
    counts.set(slug, (counts.get(slug) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([one, many], [other, more]) => more - many || (one < other ? -1 : 1))
    .map(([slug]) => slug);
}

/** Patterns as in `.gitignore`: with a slash they begin at the root, and a folder means all in it. */
function fitsPath(pattern: string, path: readonly string[]): boolean {
  const isFolder = pattern.endsWith('/');
  const isRooted = pattern.replace(/\/$/, '').includes('/');
  const named = pattern.split('/').filter((segment) => segment !== '');
  const segments = isRooted ? named : ['**', ...named];
  if (isFolder) return segmentsFit([...segments, '**', '*'], path);
  if (segmentsFit(segments, path)) return true;
  return segments.at(-1) !== '*' && segmentsFit([...segments, '**'], path);
}
