import { enterFrame } from '../ask/frames.ts';
import { consentFrom } from '../state/approval-policy.ts';
import type { Draft } from '../state/draft.ts';
import type { Handling } from '../state/handler.ts';
import { ROOT } from '../state/node-key.ts';

/** Starts a queued run. Starting it is consent, for a limited time, to its ordinary work. */
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
