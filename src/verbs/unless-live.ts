import { isSettled } from '../engine/state/is-settled.ts';
import { renderAlreadyRunning } from '../render/answer/answer.ts';
import { isLiveRunError } from '../runs/live-run-error.ts';
import type { Performed } from './performed.ts';
import type { OneOfRuns } from './target/resolve-target.ts';

/** Resumes a run, or says which other run of its workflow is in the way. */
export async function unlessLive(
  { stored, runs }: OneOfRuns,
  takeUp: () => Promise<Performed>,
): Promise<Performed> {
  try {
    return await takeUp();
  } catch (error) {
    if (!isLiveRunError(error)) throw error;
    const { workflow } = stored.context;
    const live = runs.find(
      ({ run, context }) => !isSettled(run.status) && context.workflow === workflow,
    );
    const answer = renderAlreadyRunning(workflow, live?.run.id ?? '', null);
    return { moment: 'not-understood', answer };
  }
}
