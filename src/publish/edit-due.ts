import { textIn } from '../runs/report-facts.ts';
import type { Report } from '../store/reports.ts';
import type { Publication } from './publication.ts';

/**
 * When progress may next be edited in; null for now. A change of the run's status is shown at once,
 * since somebody may be waiting for it.
 */
export function editDue(
  { stored: { run }, deps, input }: Publication,
  report: Report,
): string | null {
  const shown = textIn(report.data, 'status');
  if (report.postedAt === null || shown !== run.status) return null;
  const due = Date.parse(report.postedAt) + deps.timing.editIntervalMs;
  return due <= Date.parse(input.now) ? null : new Date(due).toISOString();
}
