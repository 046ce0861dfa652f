import type { Command, Target } from './command.ts';

/** What a check run of ours is about, from its `external_id`: `R2345678` or `R2345678/G1`. */
export interface CheckSubject {
  readonly run: string;
  readonly gate: string | null;
}

/** Null if it is not a check run of ours. */
export function parseExternalId(externalId: string | null): CheckSubject | null {
  const [, run, gate] = /^([A-Za-z0-9-]{1,64})(?:\/(G[1-9]\d{0,3}))?$/.exec(externalId ?? '') ?? [];
  return run === undefined ? null : { run, gate: gate ?? null };
}

/** Identifiers of the buttons on our check runs, or their prefixes. GitHub allows 20 characters. */
export const BUTTONS = ['approve', 'deny', 'resume', 'cancel', 'run-again'] as const;

/**
 * The check keeps its id while its gates come and go, and a page opened earlier still shows its old
 * buttons: so each button names the gate it was shown for.
 */
export function gateButton(verdict: 'approve' | 'deny', gate: string): GateButton {
  return `${verdict}:${gate}`;
}

export type Button = (typeof BUTTONS)[number];

export type GateButton = `${'approve' | 'deny'}:${string}`;

/** The command a pressed button stands for. Null if it is not ours, or not of this check. */
export function commandFromButton(
  identifier: string,
  subject: CheckSubject,
  workflow: string,
): Command | null {
  const { run } = subject;
  const [, verdict, gate] = /^(approve|deny)(?::(G[1-9]\d{0,3}))?$/.exec(identifier) ?? [];
  if (verdict === 'approve' || verdict === 'deny') {
    const shown = gate ?? gateOfOldButton(subject);
    return shown === null ? null : decideByButton(verdict, { type: 'gate', gate: shown, run });
  }
  switch (identifier) {
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

/** Buttons from older versions name no gate: they may be for any, but the first is safe to assume. */
function gateOfOldButton({ gate }: CheckSubject): string | null {
  return gate === null ? null : 'G1';
}

function decideByButton(verdict: 'approve' | 'deny', target: Target): Command {
  return { type: 'decide', verdict, target, sha: null, text: null, note: null };
}

/** GitHub's own Re-run: continues where a run stopped, and starts a successful one again. */
export function commandFromRerun(
  subject: CheckSubject,
  run: { readonly workflow: string; readonly status: string },
): Command {
  if (run.status !== 'succeeded') return { type: 'resume', run: subject.run, text: null };
  return { type: 'start', workflow: run.workflow, task: null, params: {} };
}
