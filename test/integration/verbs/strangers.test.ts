import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '#src/commands/command.ts';
import { VERB_NAMES, VERBS, type VerbName } from '#src/commands/verbs.ts';
import { agent, aPlan, approval } from '#test/support/engine/plan-builder.ts';
import {
  type Asking,
  answers,
  aRun,
  ask,
  decide,
  jobs,
  kept,
  tell,
  useDesk,
} from '#test/support/verbs/desk.ts';

const desk = useDesk();

const text = 'ten words or so';
const COMMANDS: Readonly<Record<VerbName, Command>> = {
  run: { type: 'start', workflow: 'feature', task: null, params: {} },
  workflow: { type: 'start', workflow: 'feature', task: 'Do it.', params: {} },
  plan: { type: 'plan', workflow: 'feature', task: null, params: {} },
  doctor: { type: 'doctor', workflow: null },
  create: { type: 'create', name: 'triage', file: null, about: null },
  list: { type: 'list' },
  status: { type: 'status' },
  output: { type: 'output', step: 'build', run: null, from: 1 },
  help: { type: 'help', topic: null },
  approve: decide('approve'),
  revise: decide('revise', { text }),
  deny: decide('deny', { text }),
  edit: decide('edit', { text }),
  answer: decide('answer', { text }),
  guide: decide('guide', { text }),
  override: decide('override', { text }),
  skip: { type: 'skip', step: 'build' },
  redesign: { type: 'redesign', run: null, text: 'Another thing.' },
  cancel: { type: 'cancel', run: null, reason: null },
  retry: { type: 'retry', step: null },
  resume: { type: 'resume', run: null, text: null },
};
const RULED = VERB_NAMES.filter((verb) => VERBS[verb].who.type !== 'anyone');

/** A run that waits at a gate, and one that is over: something for every verb to be about. */
beforeEach(async () => {
  const plan = aPlan({
    nodes: [agent('build', { disposition: 'optional' }), approval('ask')],
    policies: { redesign: { to: 'build' } },
  });
  const over = await aRun(desk, plan, { workflow: 'over' });
  await ask(desk, { type: 'cancel', run: over, reason: null }, { by: 'alice' });
  await aRun(desk, plan, { workflow: 'waits' });
  await desk.database.db.deleteFrom('commands').execute();
});

interface Seen {
  /** Something is kept, queued or shown now that was not before. */
  readonly changed: boolean;
  readonly reactions: readonly string[];
  readonly answers: readonly unknown[];
}

async function seenOf(command: Command, asking: Asking): Promise<Seen> {
  const before = [await kept(desk), await jobs(desk)];
  await tell(desk, command, asking);
  const isReaction = (change: string) => change.startsWith('react ');
  const { written } = desk.forge;
  const after = [await kept(desk), await jobs(desk)];
  return {
    changed: JSON.stringify(after) !== JSON.stringify(before) || !written.every(isReaction),
    reactions: written.map((change) => change.split(' ')[1] ?? ''),
    answers: await answers(desk),
  };
}

const refused = (answer: RegExp): Seen => ({
  changed: false,
  reactions: ['-1'],
  answers: [expect.stringMatching(answer)],
});

describe('somebody who may do nothing here', () => {
  it.each(RULED)('changes nothing with /%s, and is told why', async (verb) => {
    const seen = await seenOf(COMMANDS[verb], { by: 'mallory' });

    expect(seen).toEqual(refused(/^Not done: .* needs .* access.*, and mallory has none here\./));
  });
});

describe('somebody of whom the forge does not say what they may', () => {
  it.each(RULED)('changes nothing with /%s, and is asked to try again', async (verb) => {
    desk.forge.tellsRights = false;

    const seen = await seenOf(COMMANDS[verb], { by: 'alice' });

    expect(seen).toEqual(refused(/^Not done: GitHub did not say which rights alice has here/));
  });
});

describe('a bot', () => {
  it.each(VERB_NAMES)('changes nothing with /%s, and hears nothing', async (verb) => {
    const seen = await seenOf(COMMANDS[verb], { by: 'helper[bot]', actorType: 'Bot' });

    expect(seen).toEqual({ changed: false, reactions: [], answers: [] });
  });
});
