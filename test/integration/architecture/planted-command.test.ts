import { beforeAll, describe, expect, it } from 'vitest';
import { compilePlanted } from '#test/support/architecture/compile-planted.ts';

const IMPORTS = `import type { CancelCommand } from '../../commands/command.ts';
import { commandRun } from '../../runs/command-run.ts';
import { ABOUT_NO_RUN, type Authorized, type Performer, performer } from '../performer.ts';

const wish = { type: 'run.cancelled', by: 'mallory', reason: null } as const;
`;

const ACT = `act: async (deps, { key }) => {
    await commandRun(deps.runs, 'R2345678', key, wish);
    return { moment: 'done' };
  },`;

/** Ways to carry out a command without anybody having been asked whether they may, and the one way with. */
const PERFORMERS: Readonly<Record<string, string>> = {
  'without-about': `export const planted = performer<CancelCommand, null>({
  ${ACT}
});`,
  'acts-in-about': `export const planted = performer<CancelCommand, null>({
  about: async (deps, { key }) => {
    await commandRun(deps.runs, 'R2345678', key, wish);
    return ABOUT_NO_RUN;
  },
  ${ACT}
});`,
  'marks-in-about': `export const planted = performer<CancelCommand, null>({
  about: async (deps, { forge, number }) => {
    await forge.changeLabels(number, { add: ['mine'], remove: [] });
    return ABOUT_NO_RUN;
  },
  ${ACT}
});`,
  'home-made': `export const planted: Performer<CancelCommand> = {
  perform: async (deps, { key }) => {
    await commandRun(deps.runs, 'R2345678', key, wish);
    return { moment: 'done' };
  },
  understood: () => {
    throw new Error();
  },
};`,
  'forges-leave': `export const leave: Authorized<null> = {
  target: null,
  alone: false,
  isOutsider: false,
};`,
  'in-two-halves': `export const planted = performer<CancelCommand, null>({
  about: async () => ABOUT_NO_RUN,
  ${ACT}
});`,
};

const SNOOZE = `export interface SnoozeCommand {
  readonly type: 'snooze';
}`;
const ROW_WITHOUT_WHO = `  snooze: {
    aliases: [],
    bare: true,
    usage: 'snooze',
    help: 'wait a little',
    parse: () => ({ type: 'snooze' }),
  },`;

const FOLDER = 'src/verbs/perform/';

describe('a command that somebody plants', () => {
  let named: readonly string[];
  beforeAll(() => {
    named = compilePlanted({
      before: [
        ['src/commands/command.ts', 'export interface ListCommand {', SNOOZE],
        ['src/commands/command.ts', '  | ListCommand', '  | SnoozeCommand'],
        ['src/commands/verbs.ts', "  'list',", "  'snooze',"],
        ['src/commands/verbs.ts', '  list: {', ROW_WITHOUT_WHO],
      ],
      files: Object.fromEntries(
        Object.entries(PERFORMERS).map(([name, code]) => [
          `${FOLDER}${name}.ts`,
          `${IMPORTS}\n${code}\n`,
        ]),
      ),
    });
  });

  const inFiles = (prefix: string) => named.filter((line) => line.startsWith(prefix));

  it('is not compiled until every table knows it, and its row says who may', () => {
    expect(named.filter((line) => !line.startsWith(FOLDER))).toEqual([
      "src/commands/verbs.ts: const RULED_BY: Readonly<Record<Exclude<Command['type'], 'decide'>, VerbName>> = {",
      'src/commands/verbs.ts: snooze: {',
      'src/render/answer/refusal.ts: const DOING: Readonly<Record<VerbName, string>> = {',
      "src/verbs/done-before.ts: const MOMENTS: Readonly<Record<Command['type'], Moment>> = {",
      'src/verbs/perform-commands.ts: const PERFORMERS: Performers = {',
    ]);
  });

  it.each(Object.keys(PERFORMERS).slice(0, -1))(
    'is not compiled with a performer that asks nobody: %s',
    (name) => {
      expect(inFiles(`${FOLDER}${name}.ts`)).toHaveLength(1);
    },
  );

  it('is compiled with a performer in two halves', () => {
    expect(inFiles(`${FOLDER}in-two-halves.ts`)).toEqual([]);
  });
});
