import type { LocalGitHub } from '../github/local-github.ts';
import type { CheckRun, Comment } from '../github/model.ts';

/** Comments of ours of one kind, by the marker in their first line. */
export async function ownComments(
  github: LocalGitHub,
  issue: number,
  kind: string,
): Promise<Comment[]> {
  const comments = await github.comments(issue);
  return comments.filter(
    ({ body, user }) =>
      user.type === 'Bot' && body.startsWith('<!-- sluice1 ') && body.includes(` kind=${kind} `),
  );
}

/** The gate comment that waits for an answer, if any. */
export async function openGate(github: LocalGitHub, issue: number): Promise<Comment | undefined> {
  const gates = await ownComments(github, issue, 'gate');
  return gates.find(({ body }) => body.includes('### ⏸️ Decision needed'));
}

/** The newest check run with a button of that name that GitHub would show. */
export async function checkWithButton(
  github: LocalGitHub,
  identifier: string,
): Promise<CheckRun | undefined> {
  const checks = await github.checkRuns();
  return checks.findLast(
    ({ status, actions }) =>
      status === 'completed' && actions.some((action) => action.identifier === identifier),
  );
}
