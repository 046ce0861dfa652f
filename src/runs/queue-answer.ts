import { enqueue } from '../queue/queue.ts';
import { insertRefusal } from '../store/refusals.ts';
import type { RunDeps } from './run-deps.ts';

/** The answer to one command: one comment, or several if it is long. */
export interface AnswerRequest {
  /** Identifies the answer for ever: the same key is posted once, however often it is queued. */
  readonly key: string;
  readonly installationId: number;
  readonly repositoryId: number;
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly body: string;
  readonly more?: readonly string[];
}

/** Queues the comment; a job posts it and finds it again after a crash. */
export async function queueAnswer(deps: RunDeps, answer: AnswerRequest): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await enqueue(deps.queue, trx, { name: 'post-answer', data: { ...answer } });
  });
}

/** Queues the explanation of a refusal, once per person, thread and day. False if already said. */
export async function queueRefusal(
  deps: RunDeps,
  answer: AnswerRequest,
  login: string,
): Promise<boolean> {
  return deps.db.transaction().execute(async (trx) => {
    const { repositoryId, number } = answer;
    const first = await insertRefusal(trx, {
      repositoryId,
      subjectNumber: number,
      login,
      at: deps.now(),
    });
    if (first) await enqueue(deps.queue, trx, { name: 'post-answer', data: { ...answer } });
    return first;
  });
}
