import { createHash } from 'node:crypto';
import type { EditedArtefact, Refusal } from '../engine/state/event.ts';
import type { Channel, HeadOf, Verdict } from '../engine/state/run.ts';
import { listOutputVersions, saveOutput } from '../store/outputs.ts';
import { listReports } from '../store/reports.ts';
import { lockRun, type StoredRun } from '../store/runs.ts';
import type { DatabaseTransaction } from '../store/schema.ts';
import { applyEvent } from './apply-event.ts';
import { carryOutOnce } from './carry-out-once.ts';
import { linksFor } from './posted-links.ts';
import type { RunDeps } from './run-deps.ts';

export interface GateDecision {
  readonly gate: string;
  readonly verdict: Verdict;
  readonly by: string;
  readonly text: string | null;
  readonly channel: Channel;
  /** Current head of the run's branch on GitHub, or of its pull request; null if there is none. */
  readonly headSha: string | null;
  readonly headOf?: HeadOf;
  readonly sha: string | null;
  /** Nobody else could decide it; absent if somebody could, or if it does not matter. */
  readonly alone?: boolean;
  /** Verdict `edit`: one line about the new text, which is `text`. */
  readonly headline?: string;
  /** Identifies this command for ever; it is carried out once. */
  readonly key: string;
}

/**
 * Settles a gate, or says why not. If the branch has moved, the run learns that first: its gate is
 * then void, and a new one opens on what is there now.
 */
export async function decideGate(
  deps: RunDeps,
  runId: string,
  { key, ...decision }: GateDecision,
): Promise<Refusal | null> {
  return deps.db.transaction().execute(async (trx) => {
    const stored = await lockRun(trx, runId);
    const at = deps.now();
    return carryOutOnce(trx, { key, runId, at }, () => decide(deps, trx, stored, decision, at));
  });
}

async function decide(
  deps: RunDeps,
  trx: DatabaseTransaction,
  stored: StoredRun,
  decision: Omit<GateDecision, 'key'>,
  at: string,
): Promise<Refusal | null> {
  const elsewhere = await otherChannel(trx, stored, decision);
  if (elsewhere !== null) return elsewhere;
  const { headline, headOf = 'branch', ...said } = decision;
  const { headSha, by } = decision;
  const before =
    headSha === null
      ? { run: stored.run }
      : await applyEvent(deps, trx, stored, { type: 'head.moved', headSha, headOf, by, at });
  const edited = artefactOf(decision.verdict, said.text, headline);
  const event = {
    type: 'gate.decided' as const,
    ...said,
    alone: said.alone ?? false,
    ...(edited !== null && { edited }),
    at,
  };
  const { refusal } = await applyEvent(deps, trx, { ...stored, run: before.run }, event);
  if (refusal === null && edited !== null) await keepEdit(trx, stored, decision, edited, at);
  return refusal;
}

const PLACES: Readonly<Record<Channel, string>> = {
  github: 'on GitHub',
  dashboard: 'in the dashboard',
  client: 'in the client that started it',
};

/** A run takes decisions where it was started; elsewhere, people are told where. Null if it is there. */
async function otherChannel(
  trx: DatabaseTransaction,
  { run, context }: StoredRun,
  { channel, gate }: Pick<GateDecision, 'channel' | 'gate'>,
): Promise<Refusal | null> {
  if (channel === context.origin) return null;
  const url = linksFor(await listReports(trx, run.id)).gates[gate];
  const place = `${PLACES[context.origin]}${url === undefined ? '' : `, at ${url}`}`;
  return { code: 'other-channel', message: `Run ${run.id} takes decisions ${place}.` };
}

function artefactOf(verdict: Verdict, text: string | null, headline = ''): EditedArtefact | null {
  if (verdict !== 'edit' || text === null) return null;
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { digest, size: text.length, headline };
}

/** Stores a person's text as the next version of the output, with the person as its author. */
async function keepEdit(
  trx: DatabaseTransaction,
  { run }: StoredRun,
  { gate: id, by, text }: Pick<GateDecision, 'gate' | 'by' | 'text'>,
  { digest, size }: EditedArtefact,
  createdAt: string,
): Promise<void> {
  const gate = run.gates.find((candidate) => candidate.id === id);
  if (gate === undefined) return;
  const { node, output } = gate.subject;
  const ref = { node, visit: gate.visit };
  const versions = await listOutputVersions(trx, run.id, ref);
  await saveOutput(trx, run.id, {
    ...ref,
    version: (versions.at(-1)?.version ?? 0) + 1,
    name: output,
    text: text ?? '',
    data: null,
    digest,
    size,
    author: by,
    createdAt,
  });
}
