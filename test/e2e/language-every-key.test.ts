import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Workflow } from '#src/language/native/schema/workflow.ts';
import { eventually } from '#test/support/eventually.ts';
import { unusedKeys } from '#test/support/language/unused-keys.ts';
import type { ScriptEntry } from '#test/support/scripted/scenario.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/workflows');
const fixture = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');

const PROMPTS: readonly ScriptEntry[] = [
  {
    match: 'K-look for',
    steps: [{ text: 'A small thing.' }, { result: { scale: 'small', areas: ['north', 'south'] } }],
  },
  { match: 'K-ask.*<data name="guidance">', steps: [{ text: 'Blue it is.' }] },
  {
    match: 'K-ask',
    steps: [
      {
        tool: {
          name: 'ask_people',
          args: { questions: [{ question: 'Which colour?', options: ['red', 'blue'] }] },
        },
      },
    ],
  },
  {
    match: 'K-design.*Blue it is',
    steps: [
      { write: { path: 'docs/design.md', content: '# Design\n' } },
      { text: 'The design is written.' },
      {
        result: {
          status: 'approved_with_conditions',
          design_doc: 'docs/design.md',
          conditions: ['Keep it small'],
          secret: 'x',
        },
      },
    ],
  },
  { match: 'K-size', steps: [{ text: 'Quite small.' }, { result: { scale: 'small' } }] },
  // The first round leaves a fault behind that only the tests of the repository find.
  {
    match: 'K-build, round 0.*Open items.*Keep it small',
    steps: [{ write: { path: 'src/new.js', content: 'broken\n' } }, { text: 'Built.' }],
  },
  {
    match: 'K-build, round 1',
    steps: [{ write: { path: 'src/new.js', content: 'sound\n' } }, { text: 'Built again.' }],
  },
  { match: 'K-judge', steps: [{ result: { verdict: 'pass' } }] },
  { match: 'K-praise', steps: [{ text: 'LGTM.' }] },
  {
    match: 'K-left',
    steps: [{ write: { path: 'left.txt', content: 'left\n' } }, { text: 'Left.' }],
  },
  {
    match: 'K-right',
    steps: [{ write: { path: 'right.txt', content: 'right\n' } }, { text: 'Right.' }],
  },
  { match: 'K-shaky', times: 1, steps: [{ error: { message: 'shaken' } }] },
];

const stage = useStage({
  workflows: { 'every-key': fixture('every-key.yml'), callee: fixture('callee.yml') },
  files: {
    '.github/sluice/config.yml': 'commands: {test: "sh test.sh"}\n',
    '.github/sluice/prompts/scribe.md': 'You are a scribe.',
    '.github/sluice/prompts/design.md': 'K-design with {{ facts.scale }} and {{ ask }}',
    'test.sh': "grep -q sound src/new.js || { echo 'not ok 1 - is sound'; exit 1; }\n",
    'data/rows.txt': 'name\nfirst\nsecond\n',
    'docs/tasks/one.md': '---\ntitle: One\n---\nDo one.\n',
  },
  prompts: PROMPTS,
});

describe('a native file that uses every key', () => {
  it('leaves no key of the schema out', () => {
    const unused = unusedKeys(Workflow, parse(fixture('every-key.yml')));

    expect(unused).toEqual([]);
  });

  it('runs from its label to its end on the local GitHub', async () => {
    const { number } = await stage.issue('Use every key', 'Everything, please.');
    await stage.github.as('bob').label(number, 'sluice:every-key');

    const decided = await decideEverything(number);

    expect(decided).toEqual([
      'ask: answer',
      'design: approve, approve',
      'open items: approve',
      'careful: approve',
      'shaky: retry',
      'ready: approve',
      'ready: approve',
    ]);
    const [run] = await ownComments(stage.github, number, 'run');
    expect(run?.body).toContain('### ✅ every-key');
    const [pull] = await stage.github.pulls();
    const branch = pull?.head.ref ?? '';
    const file = async (path: string) => stage.github.fileAt(branch, path);
    expect(await file('src/new.js')).toBe('sound\n');
    expect(await file('jotted.txt')).toBe('jotted\n');
    expect(await file('left.txt')).toBe('left\n');
    expect(await file('right.txt')).toBe('right\n');
    expect(await file('careful.txt')).toBe('careful\n');
    const branches = stage.github.branches().filter((name) => name.startsWith('sluice/'));
    expect(branches).toEqual([branch]);
  });
});

/** Answers every gate as its people would, until the run has ended. */
async function decideEverything(number: number): Promise<string[]> {
  const decided: string[] = [];
  for (;;) {
    const next = await eventually(
      'a gate or the end',
      async () => {
        const gate = await openGate(stage.github, number);
        if (gate !== undefined) return gate;
        return stage.github.labels(number).includes('sluice:done') ? 'ended' : undefined;
      },
      60_000,
    );
    if (next === 'ended') return decided;
    decided.push(await decide(number, next.body));
    await eventually('the gate to be closed', async () => {
      const gates = await ownComments(stage.github, number, 'gate');
      return !gates.some(({ id, body }) => id === next.id && body.includes('Decision needed'));
    });
  }
}

async function decide(number: number, body: string): Promise<string> {
  const step = /### ⏸️ Decision needed: `?([\w -]+?)(?:`| ·)/.exec(body)?.[1] ?? body;
  const said = async (login: string, text: string) => {
    const { reaction } = await stage.say(login, number, text);
    expect([text, reaction]).toEqual([
      text,
      expect.stringMatching(/^(?:\+1|rocket|eyes|hooray|heart)$/),
    ]);
  };
  if (body.includes('Which colour?')) {
    await said('bob', '/answer 1=blue');
    return `${step}: answer`;
  }
  if (body.includes('/retry')) {
    await said('bob', '/retry');
    return `${step}: retry`;
  }
  await said('bob', '/approve');
  if (step !== 'design') return `${step}: approve`;
  await said('alice', '/approve');
  return `${step}: approve, approve`;
}
