import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  circlesIn,
  exportsOf,
  readImports,
  readPackages,
  readSource,
  SOURCES,
} from '#test/support/architecture/import-graph.ts';
import { mayImport } from '../../../scripts/walls/lint-rules.ts';
import { FREE_FILES, ROOMS, type Room } from '../../../scripts/walls/rooms.ts';

const imports = readImports();

/** The room with the longest path that a file lies in; null: directly in `src/`. */
function roomOf(file: string): Room | null {
  const around = ROOMS.filter(({ path }) => file.startsWith(`src/${path}/`));
  return around.toSorted((a, b) => b.path.length - a.path.length)[0] ?? null;
}

function isInFolder(file: string, folder: string): boolean {
  return dirname(file) === folder;
}

describe('the folders of src/', () => {
  it('are rooms of the table, every one', () => {
    const homeless = SOURCES.filter((file) => file.split('/').length > 2 && roomOf(file) === null);

    expect(homeless).toEqual([]);
  });

  it('are there for every room of the table', () => {
    const empty = ROOMS.filter((room) => !SOURCES.some((file) => roomOf(file) === room));

    expect(empty.map(({ path }) => path)).toEqual([]);
  });

  it('hold other rooms or folders of their own, never both', () => {
    const split = ROOMS.filter(({ path }) =>
      ROOMS.some((other) => other.path.startsWith(`${path}/`)),
    );
    const stray = SOURCES.filter((file) => split.includes(roomOf(file) as Room)).filter(
      (file) => !isInFolder(file, `src/${roomOf(file)?.path}`),
    );

    expect(stray).toEqual([]);
  });

  it('hold about thirty files at most', () => {
    const sizes = Map.groupBy(SOURCES, (file) => dirname(file));
    const full = [...sizes].filter(([, files]) => files.length > 31);

    expect(full.map(([folder, files]) => `${folder}: ${files.length}`)).toEqual([]);
  });

  it('have no folder inside that goes by the name of a room, which the walls would refuse', () => {
    const rooms = new Set(ROOMS.map(({ path }) => path.split('/')[0]));
    const inner = SOURCES.flatMap((file) => file.split('/').slice(2, -1));

    expect(inner.filter((name) => rooms.has(name) && !KNOWN_TWICE.includes(name))).toEqual([]);
  });

  it('import only rooms above their own row', () => {
    const rows = ROOMS.flatMap((room, row) =>
      ROOMS.filter((other, otherRow) => otherRow > row && mayImport(room, other)).map(
        (other) => `${room.path} -> ${other.path}`,
      ),
    );

    expect(rows).toEqual([]);
  });
});

/** `cli/commands` holds the commands of the terminal; nothing in it goes up by `../commands/`. */
const KNOWN_TWICE = ['commands'];

describe('the table of rooms', () => {
  const arrows = new Set(
    imports.map(({ from, to }) => `${roomOf(from)?.path} -> ${roomOf(to)?.path ?? to.slice(4)}`),
  );

  it('allows no import that nobody needs', () => {
    const idle = ROOMS.flatMap((room) =>
      room.may
        .filter((name) => {
          const named = ROOMS.filter(({ path }) => path === name || path.startsWith(`${name}/`));
          return !named.some(({ path }) => arrows.has(`${room.path} -> ${path}`));
        })
        .map((name) => `${room.path} -> ${name}`),
    );

    expect(idle).toEqual([]);
  });

  it('allows no package and no file that nobody needs', () => {
    const idle = ROOMS.flatMap(({ path, packages, files = [] }) => {
      const own = SOURCES.filter((file) => roomOf(file)?.path === path);
      const used = new Set(own.flatMap(readPackages));
      return [
        ...packages.filter((name) => !used.has(name)),
        ...files.filter((name) => !arrows.has(`${path} -> ${name}`)),
      ].map((name) => `${path}: ${name}`);
    });

    expect(idle).toEqual([]);
    expect(FREE_FILES.filter((name) => !SOURCES.includes(`src/${name}`))).toEqual([]);
  });
});

describe('what carries out a command', () => {
  it('names no channel: that comes with the request', () => {
    const carriers = SOURCES.filter((file) => /^src\/(?:verbs|runs)\//.test(file));
    const naming = carriers.filter((file) =>
      /'(?:github|dashboard|client)'/.test(readSource(file)),
    );

    expect(naming).toEqual([]);
  });
});

describe('the files of src/', () => {
  it('import each other in no circle', () => {
    expect(circlesIn(imports.filter(({ isType }) => !isType))).toEqual([]);
  });

  it('import types of each other in one circle only, that of the draft and its places', () => {
    expect(circlesIn(imports)).toEqual([
      ['src/engine/state/draft.ts', 'src/engine/state/place.ts'],
    ]);
  });

  it('export a name once, so that it means one thing', () => {
    const exported = SOURCES.flatMap((file) => exportsOf(file).map((name) => ({ file, name })));
    const twice = [...Map.groupBy(exported, ({ name }) => name)].filter(
      ([, places]) => new Set(places.map(({ file }) => file)).size > 1,
    );

    expect(twice.map(([name, places]) => [name, ...places.map(({ file }) => file)])).toEqual([]);
  });
});
