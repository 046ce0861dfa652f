import type { RetryCommand } from '../../commands/command.ts';
import { openGates } from '../../engine/state/open-gates.ts';
import type { StoredRun } from '../../runs/stored-run.ts';
import type { LookupRequest } from '../request.ts';
import type { LookupDeps } from '../verb-deps.ts';
import { askedBefore } from './asked-before.ts';
import type { OpenGate } from './resolve-target.ts';

/** The gate that a retry settles. */
interface Retried {
  readonly asked: OpenGate | undefined;
  /** One that matches and was asked only after the person wrote. */
  readonly newer: OpenGate | undefined;
}

export const NOTHING: Retried = { asked: undefined, newer: undefined };

/** Retrying a failed step that waits for a person settles its gate. */
export async function resolveRetry(
  deps: LookupDeps,
  { command, saidAt }: LookupRequest & { readonly command: RetryCommand },
  runs: readonly StoredRun[],
): Promise<Retried> {
  const { step } = command;
  const fitting = runs
    .flatMap((stored) => openGates(stored.run).map((gate) => ({ stored, gate })))
    .filter(({ gate }) => gate.verdicts.includes('retry') && (step === null || gate.node === step));
  const wasAsked = await askedBefore(deps, runs, saidAt);
  return { asked: fitting.find(wasAsked), newer: fitting.find((open) => !wasAsked(open)) };
}
