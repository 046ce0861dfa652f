import { authorize } from '../../commands/authorize.ts';
import type { DecideCommand } from '../../commands/command.ts';
import type { Gate } from '../../engine/state/run.ts';
import {
  renderNewerGates,
  renderNothingFound,
  renderSeveralGates,
} from '../../render/answer/answer.ts';
import { renderDenied } from '../../render/answer/refusal.ts';
import { renderStepHeadline } from '../../render/comment/step-headline.ts';
import { decideGate } from '../../runs/decide-gate.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import { readCircumstances } from '../circumstances.ts';
import { outcomeOf } from '../done-before.ts';
import { isOutsider } from '../is-outsider.ts';
import type { Performed } from '../perform-commands.ts';
import type { CommandRequest } from '../request.ts';
import { askedBefore } from '../target/asked-before.ts';
import { nameGates } from '../target/name-gates.ts';
import { readHead } from '../target/read-head.ts';
import { resolveGate } from '../target/resolve-target.ts';
import { typed } from '../typed.ts';
import type { WebhookDeps } from '../webhook-deps.ts';
import { asRedesign, performRedesign } from './perform-redesign.ts';

/** A decision on a gate: whose right it is, and on what the branch holds now. */
export async function performDecide(
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: DecideCommand },
): Promise<Performed> {
  const { command, actor, repository } = request;
  const { prefix } = deps.settings;
  const runs = await readThreadRuns(deps.runs, {
    repositoryId: repository.id,
    number: request.number,
  });
  const target = resolveGate(command, runs, await askedBefore(deps, runs, request.saidAt));
  const redesign = asRedesign(command, target, runs);
  if (redesign !== null) return performRedesign(deps, { ...request, command: redesign });
  const about = target.type === 'gate' ? target : { stored: null, gate: null };
  const circumstances = await readCircumstances(deps, request, about);
  const allowed = authorize(command, circumstances);
  if (!allowed.allowed && allowed.reason !== 'no-gate') {
    return allowed.silent
      ? { moment: null }
      : { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }
  const isRefusal = isOutsider(circumstances.permission);
  if (target.type === 'several' || target.type === 'newer') {
    const named = await nameGates(deps, target.gates);
    const render = target.type === 'newer' ? renderNewerGates : renderSeveralGates;
    const answer = render(named, typed(command.verdict, deps.settings));
    return { moment: 'not-understood', answer, isRefusal };
  }
  if (target.type === 'none') {
    const answer = renderNothingFound(command.verdict, prefix);
    return { moment: 'not-understood', answer, isRefusal };
  }

  const { stored, gate } = target;
  const refusal = await decideGate(deps.runs, stored.run.id, {
    gate: gate.id,
    verdict: command.verdict,
    by: actor.login,
    text: command.text ?? command.note,
    channel: 'github',
    ...(await readHead(request, stored)),
    sha: command.sha ?? reviewedSha(request, gate),
    alone: circumstances.alone,
    ...(command.verdict === 'edit' && { headline: renderStepHeadline(command.text ?? '', null) }),
    key: request.key,
  });
  return outcomeOf(deps, request.command, refusal);
}

/** An approval in a review is of the commit that was reviewed, which may not be the head any more. */
function reviewedSha(
  { command, saidAbout }: CommandRequest & { readonly command: DecideCommand },
  gate: Gate,
): string | null {
  if (command.verdict !== 'approve' || gate.subject.headSha === null) return null;
  return saidAbout ?? null;
}
