import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import type { LocalGitHub } from '../github/local-github.ts';
import { STORY_ISSUE } from './feature-scenario.ts';
import { checkWithButton, openGate, ownComments } from './gates.ts';

export interface StoryTold {
  readonly issue: number;
  readonly pull: number;
}

export interface TellOptions {
  readonly timeoutMs?: number;
  /** Told about each thing that was seen to happen. */
  readonly say?: (what: string) => void;
}

/**
 * Plays the main story as its people would, and looks only at what they would see: a label, a refused
 * reader, an approval in words, an approval by button, and a pull request ready for review.
 */
export async function playFeature(
  github: LocalGitHub,
  options: TellOptions = {},
): Promise<StoryTold> {
  const { timeoutMs = 120_000, say = () => undefined } = options;
  const bob = github.as('bob');
  const { number: issue } = await bob.createIssue(STORY_ISSUE);
  say(`bob opens issue #${issue}: ${STORY_ISSUE.title}`);
  await bob.label(issue, 'sluice:feature');
  say('bob labels it sluice:feature');
  return followFeature(github, issue, { timeoutMs, say });
}

/** The story from the label on; may be joined at any point, since every step looks before it acts. */
async function followFeature(
  github: LocalGitHub,
  issue: number,
  { timeoutMs = 120_000, say = () => undefined }: TellOptions = {},
): Promise<StoryTold> {
  const bob = github.as('bob');
  const rita = github.as('rita');
  const see = <T>(what: string, ask: () => Promise<T | undefined | false>) =>
    eventually(what, ask, timeoutMs);

  await see('an eye on the issue', async () =>
    github.reactions({ issue }).some(({ content }) => content === 'eyes'),
  );
  say('the app has seen it (👀)');
  const first = await see('the first gate', () => openGate(github, issue));
  const pull = await see('a draft pull request', async () => (await github.pulls())[0]);
  assert(pull.draft, 'the pull request is a draft while the run goes on');
  say(`draft pull request #${pull.number}, and a gate asks: ${titleOf(first.body)}`);

  const comment = await rita.comment(issue, '/approve');
  await see('a refusal', async () =>
    github.reactions({ comment: comment.id }).some(({ content }) => content === '-1'),
  );
  await see('an explanation', async () => (await ownComments(github, issue, 'answer'))[0]);
  say('rita, who may only read, replies /approve and is told why not');
  assert.equal((await openGate(github, issue))?.id, first.id, 'the gate is still open');

  await bob.comment(issue, '/approve');
  say('bob replies /approve');
  await see('the second gate', async () => {
    const open = await openGate(github, issue);
    return open !== undefined && open.id !== first.id;
  });
  say('five reviews, rework, tests and documentation are done; the second gate asks');
  const check = await see('the check with its button', () => checkWithButton(github, 'approve:G2'));
  await bob.press(check.id, 'approve:G2');
  say('bob presses the Approve button of the check run');

  await see('a pull request ready for review', async () => !(await github.pull(pull.number)).draft);
  await see('a green check', async () => {
    const { head } = await github.pull(pull.number);
    return (await github.checkRuns(head.sha)).at(-1)?.conclusion === 'success';
  });
  await see('the label done', async () => github.labels(issue).includes('sluice:done'));
  await see('the final run comment', async () =>
    (await ownComments(github, issue, 'run')).some(({ body }) => body.includes('### ✅ feature')),
  );
  say(`pull request #${pull.number} is ready for review, its check is green, the issue says done`);
  return { issue, pull: pull.number };
}

/** What must be there exactly once when the story has been told, whatever went wrong on the way. */
export async function assertToldOnce(
  github: LocalGitHub,
  { issue, pull }: StoryTold,
): Promise<void> {
  const gates = await ownComments(github, issue, 'gate');
  const head = (await github.pull(pull)).head;
  const checks = (await github.checkRuns(head.sha)).filter(
    ({ name }) => name === 'sluice / feature',
  );
  assert.deepEqual(
    {
      runs: (await ownComments(github, issue, 'run')).length,
      gates: gates.map(({ body }) => /gate=(G\d+)/.exec(body)?.[1]),
      ends: (await ownComments(github, issue, 'end')).length,
      pulls: (await github.pulls()).length,
      branches: github.branches().filter((name) => name.startsWith('sluice/')).length,
      checksOnHead: checks.length,
      violations: github.violations,
    },
    {
      runs: 1,
      gates: ['G1', 'G2'],
      ends: 0,
      pulls: 1,
      branches: 1,
      checksOnHead: 1,
      violations: [],
    },
  );
  const commits = await github.commits(head.ref);
  const steps = commits.flatMap(({ message }) => /^Sluice-Step: (.+)$/m.exec(message)?.[1] ?? []);
  assert.deepEqual(steps.toReversed(), ['implement', 'rework', 'test-design', 'document-feature']);
}

function titleOf(body: string): string {
  return (/### ⏸️ (.+)/.exec(body)?.[1] ?? '').replaceAll('`', '');
}
