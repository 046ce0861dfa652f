import { renderStepHeadline } from '../../render/comment/step-headline.ts';
import { promptVariables } from '../../render/prompt/variables.ts';
import { renderTemplate } from '../../render/template/template.ts';
import { answered, failed, failure } from '../answer.ts';
import type { Attempt, Executed } from '../attempt.ts';
import { land, messageFor } from '../commit-step.ts';
import { type NodeTree, openNodeTree } from '../node-tree.ts';
import { promptMaterial } from '../prompt-for.ts';
import { pushedBefore } from '../pushed-before.ts';
import type { StepDeps } from '../step-deps.ts';
import { asideBranch } from '../uncommitted.ts';

/** One commit of everything earlier steps left uncommitted. With nothing to commit, does nothing. */
export async function executeCommit(
  deps: StepDeps,
  attempt: Attempt,
  template: string,
): Promise<Executed> {
  const { input } = await promptMaterial(deps, attempt);
  const files = input.plan.files ?? {};
  const rendered = renderTemplate(template, { variables: promptVariables(input), files });
  if (!rendered.ok) {
    const { code, line, column, message } = rendered.error;
    const where = `The message of the commit, line ${line}, column ${column}: ${message}`;
    return failed(failure('configuration', code, where));
  }
  const done = await doneBefore(deps, attempt);
  if (done !== null) return finished(deps, attempt, rendered.text, done);
  const tree = await openNodeTree(deps, attempt, 'objects');
  if (tree.at === tree.onto) return finished(deps, attempt, 'Nothing was uncommitted.', null);

  const message = { ...messageFor(attempt, rendered.text), signal: attempt.signal };
  const landed = await land(deps, attempt, tree, { sha: tree.at, message });
  if (landed.type === 'refused') return failed(landed.failure);
  await tidy(deps, attempt, tree);
  return finished(deps, attempt, rendered.text, landed.sha);
}

/** Checked without the uncommitted work: its branch may be gone already. */
async function doneBefore(deps: StepDeps, attempt: Attempt): Promise<string | null> {
  const { stored, signal } = attempt;
  const { run, context } = stored;
  const at = run.headSha ?? context.baseSha;
  const worktree = await deps.worktrees.toLook({ runId: run.id, context, at, signal });
  return pushedBefore(deps, attempt, { worktree, branch: context.branch });
}

function finished(deps: StepDeps, attempt: Attempt, text: string, commit: string | null): Executed {
  const headline = renderStepHeadline(text, null);
  const about = { name: null, at: deps.runs.now() };
  const answer = { text, headline, commit, headSha: commit };
  return { ...answered(attempt, about, answer), output: null };
}

/** The branch aside is no longer needed. A leftover one harms nobody, so failing here is harmless. */
async function tidy(
  deps: StepDeps,
  attempt: Attempt,
  { worktree, onto, at: expected }: NodeTree,
): Promise<void> {
  const { stored, signal } = attempt;
  const branch = asideBranch(attempt, onto);
  const credential = { token: await deps.tokens.toPush(stored.context) };
  await deps.worktrees.workspaces
    .removeBranch(worktree, { branch, expected, credential, signal })
    .catch((error: unknown) => {
      deps.log.warn({ err: error, branch }, 'the branch of committed work could not be removed');
    });
}
