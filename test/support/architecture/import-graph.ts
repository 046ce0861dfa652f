import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** One `import` or `export … from` of another file of ours. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** It is gone when the types are stripped. */
  readonly isType: boolean;
}

/** Every file of the sources, by its path in the repository. */
export const SOURCES: readonly string[] = globSync('src/**/*.ts', { cwd: ROOT }).toSorted();

export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const STATEMENT = /^(?:import|export)\s+(type\s+)?([^;'"]*?\sfrom\s+)?'([^']+)';/gm;

/** The imports of every source file, in the order of the files. */
export function readImports(): readonly Import[] {
  return SOURCES.flatMap((from) =>
    [...readSource(from).matchAll(STATEMENT)]
      .filter(([, , , specifier = '']) => specifier.startsWith('.'))
      .map(([, isType, names = '', specifier = '']) => ({
        from,
        to: normalize(join(dirname(from), specifier)),
        isType: isType !== undefined || /^\{(\s*type \w+( as \w+)?,?)+\s*\}/.test(names),
      })),
  );
}

/** What a file names that is not a file of ours: packages and modules of the runtime. */
export function readPackages(path: string): readonly string[] {
  return [...readSource(path).matchAll(STATEMENT)]
    .map(([, , , specifier = '']) => specifier)
    .filter((specifier) => !specifier.startsWith('.'))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

const EXPORT = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm;

/** The names a file declares and exports; those it only passes on are left out. */
export function exportsOf(path: string): readonly string[] {
  return [...readSource(path).matchAll(EXPORT)].map(([, name = '']) => name);
}

/** Files that import each other in a circle, circle by circle. */
export function circlesIn(imports: readonly Import[]): readonly (readonly string[])[] {
  const next = Map.groupBy(imports, ({ from }) => from);
  const reaches = new Map<string, Set<string>>();
  for (const file of next.keys()) reaches.set(file, reachableFrom(file, next));
  const seen = new Set<string>();
  const circles: string[][] = [];
  for (const file of next.keys()) {
    if (seen.has(file) || reaches.get(file)?.has(file) !== true) continue;
    const circle = [...(reaches.get(file) ?? [])].filter((other) => reaches.get(other)?.has(file));
    for (const member of circle) seen.add(member);
    circles.push(circle.toSorted());
  }
  return circles;
}

function reachableFrom(file: string, next: ReadonlyMap<string, readonly Import[]>): Set<string> {
  const found = new Set<string>();
  const open = [file];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const { to } of next.get(current) ?? []) {
      if (found.has(to)) continue;
      found.add(to);
      open.push(to);
    }
  }
  return found;
}
