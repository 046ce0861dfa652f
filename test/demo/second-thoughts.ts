import assert from 'node:assert/strict';
import { eventually } from '#test/support/eventually.ts';
import type { LocalGitHub } from '#test/support/github/local-github.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';

const WISH = 'use the existing client';

/** The other way round: a gate is answered with `/revise`, and the next one with `/deny`. */
export async function playSecondThoughts(
  github: LocalGitHub,
  say: (what: string) => void,
): Promise<void> {
  const bob = github.as('bob');
  const { number: issue } = await bob.createIssue({
    title: 'Log every greeting',
    body: 'We want to know who was greeted when.',
  });
  await bob.label(issue, 'sluice:feature');
  say(`bob opens issue #${issue} and labels it sluice:feature`);
  const first = await eventually('the gate of the second run', () => openGate(github, issue));

  await bob.comment(issue, `/revise ${WISH}`);
  say(`bob replies /revise ${WISH}`);
  const second = await eventually('a second round of the gate', async () => {
    const open = await openGate(github, issue);
    return open !== undefined && open.id !== first.id && open;
  });
  assert(second.body.includes('round 2'), 'the gate says that it is the second round');
  say('the implementation was done again with that text, and the gate asks a second time');

  await bob.comment(issue, '/deny we do not want to keep such a list');
  say('bob replies /deny');
  await eventually('the label failed', () => github.labels(issue).includes('sluice:failed'));
  const [run] = await ownComments(github, issue, 'run');
  assert(run?.body.includes('### ❌ feature'), 'the run comment says that the run has ended');
  say('the run has ended; its draft pull request stays for whoever wants to look');
}
