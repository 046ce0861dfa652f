import type { Trigger } from '../engine/state/run-context.ts';
import { answerMistake } from '../verbs/answer-mistake.ts';
import { performCommands } from '../verbs/perform-commands.ts';
import { readComment } from '../verbs/read-comment.ts';
import { type CallerPayload, callerIn } from './caller.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Something a person wrote anywhere on a thread. */
export interface SpokenWords {
  readonly body: string | null;
  /** Number of the issue or pull request. */
  readonly number: number;
  /** When GitHub says it was written. */
  readonly at: string;
  /** Where its reactions go. */
  readonly place: Pick<Trigger, 'commentId' | 'reviewNode'>;
  /** Commit it was said about; absent if none. */
  readonly commit?: string;
}

interface Delivery {
  readonly id: string;
  readonly payload: CallerPayload;
}

/** Carries out the commands in it. Each delivery's commands are carried out once. */
export async function performSpoken(
  deps: WebhookDeps,
  { id: deliveryId, payload }: Delivery,
  { body, number, at, place, commit }: SpokenWords,
): Promise<void> {
  const caller = callerIn(deps, payload);
  if (caller?.actor.type !== 'User' || body === null) return;
  const appSlug = await deps.appSlug();
  if (!mayBeMeant(body, appSlug)) return;

  const parsed = await readComment(deps, { ...caller, body, deliveryId, number, appSlug });
  if (parsed.type === 'ignore') return;

  const request = {
    ...caller,
    number,
    saidAt: at,
    ...(commit !== undefined && { saidAbout: commit }),
    trigger: {
      via: 'comment' as const,
      login: caller.actor.login,
      text: firstLine(body),
      deliveryId,
      ...place,
      at,
    },
  };
  if (parsed.type === 'answer')
    return answerMistake(deps, { ...request, key: `${deliveryId}/0` }, parsed);
  await performCommands(
    deps,
    parsed.commands.map((command, index) => ({
      ...request,
      command,
      key: `${deliveryId}/${index}`,
    })),
  );
}

/** Most comments are people talking to people: they cost no request to GitHub. */
function mayBeMeant(body: string, appSlug: string): boolean {
  return /^\s*\/[a-z]/im.test(body) || body.toLowerCase().includes(`@${appSlug.toLowerCase()}`);
}

function firstLine(body: string): string {
  return body.trim().split('\n')[0]?.slice(0, 120) ?? '';
}
