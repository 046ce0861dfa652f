import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHouse } from '../../../scripts/walls/generate.ts';
import { mayImport } from '../../../scripts/walls/lint-rules.ts';
import { FREE_FILES, ROOMS, type Room } from '../../../scripts/walls/rooms.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NAME = 'planted.ts';
const house = readHouse();

interface Planted {
  readonly file: string;
  readonly line: string;
}

let folder: string;
/** Lines that were refused, as `file: line`. */
let refused: ReadonlySet<string>;

/** Of each way to write an import; a name of its own keeps the file well-formed. */
const WAYS: Readonly<Record<string, (specifier: string, name: string) => string>> = {
  'a relative import': (specifier, name) => `import { a as ${name} } from '${specifier}';`,
  'a type import': (specifier, name) => `import type { A as ${name} } from '${specifier}';`,
  'the type of an import': (specifier, name) => `export type ${name} = import('${specifier}').B;`,
  'a dynamic import': (specifier, name) => `export const ${name} = await import('${specifier}');`,
  'a re-export': (specifier, name) => `export { a as ${name} } from '${specifier}';`,
  'a re-export of everything': (specifier) => `export * from '${specifier}';`,
  'an import for its effects': (specifier) => `import '${specifier}';`,
};

let names = 0;
function lineFor(specifier: string, write = WAYS['a relative import']): string {
  names += 1;
  return write?.(specifier, `n${names}`) ?? '';
}

/** In a room, and in a folder of its own two levels below. */
const PLACES: Readonly<Record<string, (room: Room) => string>> = {
  'in the folder itself': ({ path }) => `src/${path}/${NAME}`,
  'in a folder below': ({ path }) => `src/${path}/some/where/${NAME}`,
};

function specifierFor(file: string, target: string): string {
  const path = relative(dirname(file), target);
  return path.startsWith('.') ? path : `./${path}`;
}

function holdsRooms({ path }: Room): boolean {
  return ROOMS.some((other) => other.path.startsWith(`${path}/`));
}

/** A file that is there; in a room that holds no others any name will do. */
function fileIn(room: Room): string {
  return (holdsRooms(room) ? house.outerFiles[room.path]?.[0] : undefined) ?? 'x.ts';
}

function placesIn(room: Room): readonly string[] {
  const places = Object.values(PLACES).map((placeIn) => placeIn(room));
  return holdsRooms(room) ? places.slice(0, 1) : places;
}

const forbidden = ROOMS.flatMap((room) =>
  ROOMS.filter((other) => other !== room && !mayImport(room, other)).map(
    (other) => [room, other] as const,
  ),
);
const allowed = ROOMS.flatMap((room) =>
  ROOMS.filter((other) => other !== room && mayImport(room, other)).map(
    (other) => [room, other] as const,
  ),
);

const plantedPairs: readonly Planted[] = forbidden.flatMap(([room, other]) =>
  placesIn(room).flatMap((file) => {
    const target = `src/${other.path}/${fileIn(other)}`;
    return [
      ...Object.values(WAYS).map((write) => lineFor(specifierFor(file, target), write)),
      lineFor(`#${target}`),
      lineFor(`${specifierFor(file, '.')}/${target}`),
      lineFor(`./${relative(dirname(file), target)}`),
      lineFor(`./beside/../${relative(dirname(file), target)}`),
    ].map((line) => ({ file, line }));
  }),
);

const plantedElse: readonly Planted[] = ROOMS.flatMap((room) =>
  placesIn(room).flatMap((file) => {
    const tops = house.topFiles.filter(
      (name) => !FREE_FILES.includes(name) && room.files?.includes(name) !== true,
    );
    const packages = house.packages.filter((name) => !room.packages.includes(name));
    const modules = room.startsPrograms === true ? [] : ['node:child_process'];
    const specifiers = [
      ...tops.map((name) => specifierFor(file, `src/${name}`)),
      ...packages,
      ...packages.map((name) => `${name}/inner.js`),
      ...modules,
      ...(room.pure === true ? ['node:fs', 'node:timers/promises'] : []),
      specifierFor(file, 'test/support/sluice.ts'),
      specifierFor(file, 'scripts/schema.ts'),
      '#test/support/sluice.ts',
    ];
    return specifiers.map((specifier) => ({ file, line: lineFor(specifier) }));
  }),
);

const welcome: readonly Planted[] = [
  ...allowed.flatMap(([room, other]) =>
    placesIn(room).map((file) => ({
      file,
      line: lineFor(specifierFor(file, `src/${other.path}/x.ts`)),
    })),
  ),
  ...ROOMS.flatMap((room) =>
    placesIn(room).flatMap((file) =>
      [
        ...room.packages,
        ...FREE_FILES.map((name) => specifierFor(file, `src/${name}`)),
        './beside.ts',
        specifierFor(file, `src/${room.path}/beside.ts`),
      ].map((specifier) => ({ file, line: lineFor(specifier) })),
    ),
  ),
];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-walls-'));
  for (const name of ['.oxlintrc.json', 'oxlint.walls.json', 'tsconfig.json', 'package.json']) {
    copyFileSync(join(ROOT, name), join(folder, name));
  }
  const all = [...plantedPairs, ...plantedElse, ...welcome];
  for (const [path, lines] of Map.groupBy(all, ({ file }) => file)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${lines.map(({ line }) => line).join('\n')}\n`);
  }
  refused = lint();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Report {
  readonly diagnostics: ReadonlyArray<{
    readonly code: string;
    readonly filename: string;
    readonly labels: ReadonlyArray<{ readonly span: { readonly line: number } }>;
  }>;
}

const WALL = /no-restricted-imports|consistent-type-imports/;

function lint(): ReadonlySet<string> {
  const { stdout } = spawnSync('oxlint', ['--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const { diagnostics } = JSON.parse(stdout) as Report;
  const all = Map.groupBy([...plantedPairs, ...plantedElse, ...welcome], ({ file }) => file);
  return new Set(
    diagnostics
      .filter(({ code }) => WALL.test(code))
      .flatMap(({ filename, labels }) => {
        const planted = all.get(filename)?.[(labels[0]?.span.line ?? 0) - 1];
        return planted === undefined ? [] : [`${planted.file}: ${planted.line}`];
      }),
  );
}

function accepted(planted: readonly Planted[]): string[] {
  return planted.map(({ file, line }) => `${file}: ${line}`).filter((text) => !refused.has(text));
}

describe('the walls', () => {
  it('refuse every pair of rooms that the table does not allow, however it is written', () => {
    expect(forbidden.length).toBeGreaterThan(900);
    expect(accepted(plantedPairs)).toEqual([]);
  });

  it('refuse packages, modules and files that are not at home in a room', () => {
    expect(accepted(plantedElse)).toEqual([]);
  });

  it('let through what the table allows', () => {
    const isRefused = ({ file, line }: Planted) => refused.has(`${file}: ${line}`);

    expect(welcome.filter(isRefused)).toEqual([]);
  });

  it('refuse a specifier that is put together at run time', () => {
    writeFileSync(join(folder, 'src/engine/state/late.ts'), "await import('../' + 'x.ts');\n");

    const { stdout } = spawnSync('oxlint', ['src/engine/state/late.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });

    expect(stdout).toContain('no-dynamic-require');
  });
});
