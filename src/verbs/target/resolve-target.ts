import type {
  CancelCommand,
  DecideCommand,
  RedesignCommand,
  ResumeCommand,
  RetryCommand,
  Target,
} from '../../commands/command.ts';
import { openGates } from '../../engine/state/open-gates.ts';
import type { Gate } from '../../engine/state/run.ts';
import type { StoredRun } from '../../runs/stored-run.ts';

export type GateTarget =
  | { readonly type: 'gate'; readonly stored: StoredRun; readonly gate: Gate }
  /** More than one is open and the person named none. */
  | { readonly type: 'several'; readonly gates: readonly OpenGate[] }
  /** What is open was asked only after the person wrote. */
  | { readonly type: 'newer'; readonly gates: readonly OpenGate[] }
  | { readonly type: 'none' };

export interface OpenGate {
  readonly stored: StoredRun;
  readonly gate: Gate;
}

/**
 * The gate a decision is about: the named one, or the only open one. Never a guess between two, and
 * none that `wasAsked` says came after the decision was written: nobody decides what they never
 * saw.
 */
export function resolveGate(
  { target }: Pick<DecideCommand, 'target'>,
  runs: readonly StoredRun[],
  wasAsked: (candidate: OpenGate) => boolean,
): GateTarget {
  const named = target?.type === 'gate' ? gateNamed(target, runs, wasAsked) : undefined;
  if (named !== undefined) return { type: 'gate', ...named };
  const open = runs.flatMap((stored) => openGates(stored.run).map((gate) => ({ stored, gate })));
  const aimed = open.filter((candidate) => isMeant(candidate, target));
  const meant = aimed.filter(wasAsked);
  const [only, ...others] = meant;
  if (only === undefined)
    return aimed.length === 0 ? { type: 'none' } : { type: 'newer', gates: aimed };
  return others.length === 0 ? { type: 'gate', ...only } : { type: 'several', gates: meant };
}

export type RunTarget =
  | { readonly type: 'run'; readonly stored: StoredRun }
  | { readonly type: 'several'; readonly runs: readonly StoredRun[] }
  /** Those that match did so only after the person wrote. */
  | { readonly type: 'newer'; readonly runs: readonly StoredRun[] }
  | { readonly type: 'none' };

/** A run among those of its thread. */
export interface OneOfRuns {
  readonly stored: StoredRun;
  readonly runs: readonly StoredRun[];
}

/**
 * The run a command is about: the named one; else the only one for which `fits` holds, newest
 * first, of those for which `stood` held when the command was written.
 */
export function resolveRun(
  command: CancelCommand | RetryCommand | ResumeCommand | RedesignCommand,
  runs: readonly StoredRun[],
  fits: (stored: StoredRun) => boolean,
  stood: (stored: StoredRun) => boolean,
): RunTarget {
  const named = command.type === 'retry' ? null : command.run;
  if (named !== null) {
    const stored = runs.find(({ run }) => run.id === named);
    return stored === undefined ? { type: 'none' } : { type: 'run', stored };
  }
  const all = runs.filter(fits);
  const fitting = all.filter(stood);
  const [first, ...others] = fitting;
  if (first === undefined)
    return all.length === 0 ? { type: 'none' } : { type: 'newer', runs: all };
  const mustBeOne = command.type === 'cancel' || command.type === 'redesign';
  if (mustBeOne && others.length > 0) return { type: 'several', runs: fitting };
  return { type: 'run', stored: first };
}

/** How an answer names a run. */
export function nameRun({ run, context }: StoredRun): { run: string; workflow: string } {
  return { run: run.id, workflow: context.workflow };
}

/** A named gate counts even if closed, so that the person is told how it ended. */
function gateNamed(
  target: Extract<Target, { type: 'gate' }>,
  runs: readonly StoredRun[],
  wasAsked: (candidate: OpenGate) => boolean,
): OpenGate | undefined {
  const candidates = runs
    .filter(({ run }) => target.run === null || run.id === target.run)
    .flatMap((stored) =>
      stored.run.gates.filter(({ id }) => id === target.gate).map((gate) => ({ stored, gate })),
    );
  const closed = candidates.filter(({ gate }) => gate.status !== 'open');
  return (
    candidates.find((candidate) => candidate.gate.status === 'open' && wasAsked(candidate)) ??
    (closed.length === 1 ? closed[0] : undefined)
  );
}

function isMeant({ stored, gate }: OpenGate, target: Target | null): boolean {
  if (target === null) return true;
  switch (target.type) {
    case 'gate':
      return gate.id === target.gate && (target.run === null || stored.run.id === target.run);
    case 'run':
      return stored.run.id === target.run;
    case 'step':
      return gate.node === target.step || gate.subject.node === target.step;
  }
}
