import { footer } from '../comment/comment-frame.ts';
import { debtLines } from '../comment/debts.ts';
import type { ReportInput } from '../comment/report-input.ts';
import { cleanLine, code, plainLine } from '../text/clean-text.ts';
import { byteLength, shorten } from '../text/cut-text.ts';
import { inertTitle } from '../text/inert.ts';
import { withMarker } from '../text/marker.ts';

export interface FollowUp {
  readonly title: string;
  readonly body: string;
}

/** The issue that keeps what a run found and left for later. Null if it found no such thing. */
export function renderFollowUp(input: ReportInput): FollowUp | null {
  const lines = debtLines(input);
  if (lines.length === 0) return null;
  const { run, context, settings } = input;
  const marker = { instance: settings.instance, kind: 'follow-up', run: run.id } as const;
  const bodies = LINE_LIMITS.map((limit) => bodyFor(input, lines, limit));
  const body = bodies.find((text) => byteLength(text) <= MAX_BYTES) ?? bodies.at(-1) ?? '';
  const about = inertTitle(plainLine(context.subject.title, MAX_ABOUT)) || context.workflow;
  return { title: `Technical debt: ${shorten(about, MAX_ABOUT)}`, body: withMarker(marker, body) };
}

/** With the words before it, stays below a title's limit of 256 characters. */
const MAX_ABOUT = 200;
const MAX_BYTES = 55_000;
/** Numbers of entries to try; the first that fits is used. */
const LINE_LIMITS = [50, 20, 5];

function bodyFor(input: ReportInput, lines: readonly string[], limit: number): string {
  const list = lines.slice(0, limit).map((line) => `- [ ] ${line}`);
  const more = lines.length > limit ? [`- …and ${lines.length - limit} more, in the results`] : [];
  return [originLine(input), [...list, ...more].join('\n'), footer(input)].join('\n\n');
}

function originLine({ run, context, links }: ReportInput): string {
  const { subject, workflow } = context;
  const id = links.runComment === null ? code(run.id) : `[${code(run.id)}](${links.runComment})`;
  const pull = links.pullRequest === null ? '' : `, with pull request #${links.pullRequest.number}`;
  return `Found by run ${id} of ${cleanLine(workflow, 60)} on #${subject.number}${pull}. Nothing of it stood in the way. Tick what is paid off; close this issue if none of it is worth it.`;
}
