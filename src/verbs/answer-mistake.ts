import type { CommentAnswer } from '../commands/from-comment.ts';
import { renderAnswer } from '../render/answer/answer.ts';
import { readCircumstances } from './circumstances.ts';
import { isOutsider } from './is-outsider.ts';
import type { CommandRequest } from './request.ts';
import { show } from './show.ts';
import type { VerbDeps } from './verb-deps.ts';

/** A comment was meant for us and not understood: nothing runs, and its author is told why. */
export async function answerMistake(
  deps: VerbDeps,
  request: Omit<CommandRequest, 'command'>,
  mistake: CommentAnswer,
): Promise<void> {
  const answer = renderAnswer(mistake, deps.settings.prefix);
  const { permission } = await readCircumstances(deps, request, { stored: null, gate: null });
  await show(deps, request, {
    moment: 'not-understood',
    answer,
    isRefusal: isOutsider(permission),
  });
}
