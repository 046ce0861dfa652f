import { eventually } from '../eventually.ts';
import type { LocalGitHub } from '../github/local-github.ts';
import type { CheckRun, Comment, Pull } from '../github/model.ts';
import { openGate, ownComments } from './gates.ts';

/** Resolves with the gate that is open now; with `after`, with the next one. */
export function gateOn(github: LocalGitHub, issue: number, after?: Comment): Promise<Comment> {
  return eventually(after === undefined ? 'a gate' : 'the next gate', async () => {
    const gate = await openGate(github, issue);
    return gate !== undefined && gate.id !== after?.id && gate;
  });
}

/** Resolves with the run comment once its headline holds these words. */
export function headlineOn(github: LocalGitHub, issue: number, words: string): Promise<Comment> {
  return eventually(`a run comment that says ${words}`, async () => {
    const comments = await ownComments(github, issue, 'run');
    return comments.findLast(({ body }) => headlineOf(body).includes(words));
  });
}

export function headlineOf(body: string): string {
  return /^### .+$/m.exec(body)?.[0] ?? '';
}

export function runIdOf({ body }: Comment): string {
  return / run=(R\w{7})/.exec(body)?.[1] ?? '';
}

/** Resolves when the label is on the issue. */
export function labelOn(github: LocalGitHub, issue: number, label: string): Promise<boolean> {
  return eventually(`the label ${label}`, () => github.labels(issue).includes(label));
}

/** The pull requests of branches that belong to this issue's runs. */
export async function ownPulls(github: LocalGitHub, issue: number): Promise<Pull[]> {
  const pulls = await github.pulls();
  return pulls.filter(({ head }) => head.ref.startsWith(`sluice/${issue}-`));
}

export async function newestCheck(github: LocalGitHub, ref: string): Promise<CheckRun | undefined> {
  return (await github.checkRuns(ref)).at(-1);
}
