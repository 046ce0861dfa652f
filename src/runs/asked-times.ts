import { listReports } from '../store/reports.ts';
import { textIn } from './report-facts.ts';
import type { ReadDeps } from './run-deps.ts';

/** Gate id -> when GitHub says its comment was written. Omits gates whose time is unknown. */
export async function readAskedTimes(
  deps: ReadDeps,
  runId: string,
): Promise<ReadonlyMap<string, string>> {
  const times = new Map<string, string>();
  for (const { kind, key, data } of await listReports(deps.db, runId)) {
    const at = kind === 'gate' ? textIn(data, 'createdAt') : null;
    if (at !== null) times.set(key, at);
  }
  return times;
}
