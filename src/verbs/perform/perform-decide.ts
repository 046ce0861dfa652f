import type { DecideCommand } from '../../commands/command.ts';
import type { Gate } from '../../engine/state/run.ts';
import {
  renderNewerGates,
  renderNothingFound,
  renderSeveralGates,
} from '../../render/answer/answer.ts';
import { renderStepHeadline } from '../../render/comment/step-headline.ts';
import { decideGate } from '../../runs/decide-gate.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import { outcomeOf } from '../done-before.ts';
import type { Performed } from '../performed.ts';
import {
  type About,
  type Authorized,
  type LookupFor,
  performer,
  type RequestFor,
} from '../performer.ts';
import { askedBefore } from '../target/asked-before.ts';
import { nameGates } from '../target/name-gates.ts';
import { readHead } from '../target/read-head.ts';
import { type OpenGate, resolveGate } from '../target/resolve-target.ts';
import { typed } from '../typed-command.ts';
import type { LookupDeps, VerbDeps } from '../verb-deps.ts';
import { asRedesign, performRedesign } from './perform-redesign.ts';

type DecideRequest = RequestFor<DecideCommand>;

/** A decision on a gate: who may make it, and what the branch holds now. */
export const performDecide = performer<DecideCommand, OpenGate>({ about, act });

async function about(
  deps: LookupDeps,
  request: LookupFor<DecideCommand>,
): Promise<About<OpenGate>> {
  const { command, repository, number } = request;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const found = resolveGate(command, runs, await askedBefore(deps, runs, request.saidAt));
  const redesign = asRedesign(command, found, runs);
  if (redesign !== null) return { type: 'other', command: performRedesign.understood(redesign) };
  if (found.type === 'gate') {
    const { stored, gate } = found;
    return { type: 'target', target: { stored, gate }, stored, gate };
  }
  const answer = async () => {
    if (found.type === 'none') return renderNothingFound(command.verdict, deps.settings.prefix);
    const named = await nameGates(deps, found.gates);
    const render = found.type === 'newer' ? renderNewerGates : renderSeveralGates;
    return render(named, typed(command.verdict, deps.settings));
  };
  return { type: 'unclear', answer, stored: null, gate: null };
}

async function act(
  deps: VerbDeps,
  request: DecideRequest,
  { target: { stored, gate }, alone }: Authorized<OpenGate>,
): Promise<Performed> {
  const { command, actor, channel, key } = request;
  const refusal = await decideGate(deps.runs, stored.run.id, {
    gate: gate.id,
    verdict: command.verdict,
    by: actor.login,
    text: command.text ?? command.note,
    channel,
    ...(await readHead(request, stored)),
    sha: command.sha ?? reviewedSha(request, gate),
    alone,
    ...(command.verdict === 'edit' && { headline: renderStepHeadline(command.text ?? '', null) }),
    key,
  });
  return outcomeOf(deps, command, refusal);
}

/** An approval in a review is for the commit that was reviewed, which may no longer be the head. */
function reviewedSha({ command, saidAbout }: DecideRequest, gate: Gate): string | null {
  if (command.verdict !== 'approve' || gate.subject.headSha === null) return null;
  return saidAbout ?? null;
}
