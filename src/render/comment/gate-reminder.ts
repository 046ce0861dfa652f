import type { Gate } from '../../engine/state/run.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { formatDuration, formatTime, millisecondsBetween } from '../text/format.ts';
import { withMarker } from '../text/marker.ts';
import { artefactOf, decidingRole, namedDeciders } from './gates.ts';
import { ICONS } from './icons.ts';
import type { ReportInput } from './report-input.ts';

/** One comment for a run's long-waiting gates, each with a link to its own comment. */
export function renderGateReminder(
  input: ReportInput,
  gates: readonly Gate[],
  remindedAt: string,
): string {
  const { run, settings } = input;
  const { instance } = settings;
  const marker = { instance, kind: 'reminder', run: run.id, key: remindedAt } as const;
  const lines = gates.slice(0, MAX_GATES).map((gate) => lineFor(input, gate, remindedAt));
  const left = gates.length - lines.length;
  const title = gates.length === 1 ? 'Still waiting for a decision' : 'Still waiting for decisions';
  return withMarker(
    marker,
    [
      `### ${ICONS.waiting} ${title} · run ${code(run.id)}`,
      [...lines, ...(left > 0 ? [`- …and ${left} more`] : [])].join('\n'),
    ].join('\n\n'),
  );
}

const MAX_GATES = 20;

function lineFor({ context, links, settings }: ReportInput, gate: Gate, now: string): string {
  const url = links.gates[gate.id];
  const name = url === undefined ? `gate ${gate.id}` : `[gate ${gate.id}](${url})`;
  const open = formatDuration(millisecondsBetween(gate.openedAt, now) ?? 0);
  const mention = settings.mention === 'approvers' ? '@' : '';
  const named = namedDeciders(gate, context.repository.owner, mention);
  const who = named === '' ? `anybody with ${decidingRole(gate)} access` : named;
  const end =
    gate.expiresAt === null
      ? ''
      : ` It expires on ${formatTime(gate.expiresAt)} and never approves by itself.`;
  return `- ${name} on ${cleanLine(artefactOf(gate), 80)}, open for ${open}, can be decided by ${who}.${end}`;
}
