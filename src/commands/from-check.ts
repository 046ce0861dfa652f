import type { Command, Target } from './command.ts';

/** What a check run of ours is about, as its `external_id` says: `R2345678` or `R2345678/G1`. */
export interface CheckSubject {
  readonly run: string;
  readonly gate: string | null;
}

/** Null: not a check run of ours. */
export function parseExternalId(externalId: string | null): CheckSubject | null {
  const [, run, gate] = /^([A-Za-z0-9-]{1,64})(?:\/(G[1-9]\d{0,3}))?$/.exec(externalId ?? '') ?? [];
  return run === undefined ? null : { run, gate: gate ?? null };
}

/** Identifiers of the buttons we put on check runs. GitHub allows 20 characters. */
export const BUTTONS = ['approve', 'deny', 'resume', 'cancel', 'run-again'] as const;

/** The command a pressed button stands for. Null: no button of ours, or not one of this check. */
export function commandFromButton(
  identifier: string,
  subject: CheckSubject,
  workflow: string,
): Command | null {
  const { run, gate } = subject;
  switch (identifier) {
    case 'approve':
    case 'deny':
      if (gate === null) return null;
      return decideByButton(identifier, { type: 'gate', gate, run });
    case 'resume':
      return { type: 'resume', run, text: null };
    case 'cancel':
      return { type: 'cancel', run, reason: null };
    case 'run-again':
      return { type: 'start', workflow, task: null, params: {} };
    default:
      return null;
  }
}

function decideByButton(verdict: 'approve' | 'deny', target: Target): Command {
  return { type: 'decide', verdict, target, sha: null, text: null, note: null };
}

/** GitHub's own Re-run: goes on where a run stopped, and starts a succeeded one anew. */
export function commandFromRerun(
  subject: CheckSubject,
  run: { readonly workflow: string; readonly status: string },
): Command {
  if (run.status !== 'succeeded') return { type: 'resume', run: subject.run, text: null };
  return { type: 'start', workflow: run.workflow, task: null, params: {} };
}
