import { enterFrame } from '../ask/frames.ts';
import { consentFrom } from '../state/approval-policy.ts';
import type { Draft } from '../state/draft.ts';
import type { Handling } from '../state/handler.ts';
import { ROOT } from '../state/node-key.ts';

/** A queued run begins. Starting it is consent to its ordinary work, for a time. */
export function runStarted(draft: Draft): Handling {
  if (draft.run.status !== 'queued') return 'ignored';
  draft.update({
    status: 'running',
    startedAt: draft.at,
    consentUntil: consentFrom(draft),
  });
  draft.record('run-started', { actor: draft.run.starter });
  enterFrame(draft, ROOT);
  return 'applied';
}
