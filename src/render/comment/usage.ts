import type { Usage } from '../../engine/state/run.ts';
import { formatCount, formatUsd } from '../text/format.ts';

/** `18k tokens, $0.11`, in a table cell `18k · $0.11`; empty if nothing was used. */
export function formatUsage(usage: Usage, place: 'cell' | 'sentence'): string {
  const tokens = usage.inputTokens + usage.outputTokens;
  const unit = place === 'cell' ? '' : ' tokens';
  const parts = [
    ...(tokens > 0 ? [formatCount(tokens) + unit] : []),
    ...(usage.usd !== null && usage.usd > 0 ? [formatUsd(usage.usd)] : []),
  ];
  return parts.join(place === 'cell' ? ' · ' : ', ');
}
