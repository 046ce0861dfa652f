import { FREE_FILES, type Room } from './rooms.ts';

/** Everything the walls are made from. */
export interface House {
  readonly rooms: readonly Room[];
  /** Names of the files directly in `src/`. */
  readonly topFiles: readonly string[];
  /** Names of the files directly in the folder of a room that holds other rooms. */
  readonly outerFiles: Readonly<Record<string, readonly string[]>>;
  /** Files and folders beside `src/`. */
  readonly outside: readonly string[];
  /** Every package the project installs by name. */
  readonly packages: readonly string[];
}

interface Pattern {
  readonly regex: string;
  readonly message: string;
}

/**
 * The walls as configuration of oxlint. Default deny, at any depth: what a room does not list is
 * refused as a static, type or dynamic import and as a re-export.
 */
export function lintRules(house: House): object {
  const pure = house.rooms.filter((room) => room.pure === true);
  return {
    overrides: [...house.rooms.map((room) => wallFor(house, room)), pureRules(house, pure)],
  };
}

function wallFor(house: House, room: Room): object {
  const patterns = [
    ...forbiddenRooms(house, room),
    ...forbiddenFiles(house, room),
    forbiddenPackages(house, room),
    ...forbiddenModules(room),
    ...OTHER_SPELLINGS,
    leadingOut(house),
  ];
  return {
    files: [filesOf(house, room)],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

/** Where a room's own files are; those of a room that holds other rooms lie directly in it. */
function filesOf({ rooms }: Pick<House, 'rooms'>, { path }: Room): string {
  return rooms.some((other) => isInside(other, path)) ? `src/${path}/*.ts` : `src/${path}/**`;
}

function forbiddenRooms(house: House, room: Room): Pattern[] {
  const forbidden = house.rooms.filter((other) => other !== room && !mayImport(room, other));
  if (forbidden.length === 0) return [];
  const message = `${room.path} may import ${room.may.join(', ') || 'no other room'}.`;
  const below = forbidden.filter((other) => isInside(other, room.path));
  const ways = forbidden.flatMap((other) => waysTo(house, room, other));
  const down = below.map(({ path }) => `\\./${escaped(path.slice(room.path.length + 1))}/`);
  return [
    { regex: `^(\\.\\./)+(${ways.join('|')})`, message },
    ...(down.length > 0 ? [{ regex: `^(${down.join('|')})`, message }] : []),
  ];
}

/** Whether its row lets a room import another one. */
export function mayImport(room: Room, other: Room): boolean {
  return room.may.some((name) => other.path === name || isInside(other, name));
}

/** How paths to another room go on once they have left this one, from each folder around it. */
function waysTo(house: House, room: Room, other: Room): string[] {
  const names = room.path.split('/');
  const around = names.map((_, index) => names.slice(0, index).join('/'));
  const holdsRooms = house.rooms.some(({ path }) => path.startsWith(`${other.path}/`));
  const ways = around
    .filter((folder) => folder === '' || isInside(other, folder))
    .map((folder) => other.path.slice(folder === '' ? 0 : folder.length + 1))
    .map((rest) => `${escaped(rest)}/${holdsRooms ? '[^/]+$' : ''}`);
  const outer = around.includes(other.path) ? (house.outerFiles[other.path] ?? []) : [];
  return [...ways, ...outer.map((name) => `${escaped(name)}$`)];
}

function isInside({ path }: Room, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function forbiddenFiles({ topFiles }: House, { files = [] }: Room): Pattern[] {
  const free = [...FREE_FILES, ...files];
  const names = topFiles.filter((name) => !free.includes(name)).map(escaped);
  const message = 'What puts the parts of the program together is imported by none of them.';
  return names.length === 0 ? [] : [{ regex: `^(\\.\\./)+(${names.join('|')})$`, message }];
}

function forbiddenPackages({ packages }: House, room: Room): Pattern {
  const names = packages.filter((name) => !room.packages.includes(name)).map(escaped);
  return { regex: `^(${names.join('|')})(/|$)`, message: 'This package is at home elsewhere.' };
}

function forbiddenModules(room: Room): Pattern[] {
  if (room.pure === true) return [{ regex: '^node:', message: 'Pure room: no I/O.' }];
  if (room.startsPrograms === true) return [];
  return [{ regex: '^node:(child_process|cluster)$', message: 'workspace/ starts programs.' }];
}

/** Paths that say the same in another way, round the patterns. */
const OTHER_SPELLINGS: readonly Pattern[] = [
  { regex: '^(#|/|file:|data:)', message: 'Sources import each other by relative paths.' },
  { regex: '^\\./\\.|[^.]/\\.{1,2}/|//', message: 'The shortest path leads there as well.' },
];

function leadingOut({ outside }: House): Pattern {
  const regex = `^(\\.\\./)+(src|${outside.map(escaped).join('|')})(/|$)`;
  return { regex, message: 'Nothing outside src/ is imported.' };
}

function pureRules(house: House, rooms: readonly Room[]): object {
  const globals = ['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance'];
  return {
    files: rooms.map((room) => filesOf(house, room)),
    rules: {
      'no-restricted-globals': ['error', ...globals, 'crypto'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Pure room: time comes in as an argument.' },
        { object: 'Math', property: 'random', message: 'Pure room: no randomness.' },
      ],
    },
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
