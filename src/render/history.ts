import type { TransitionRecord } from '../engine/event.ts';
import { cleanLine, code } from './clean-text.ts';
import { formatClock } from './format.ts';

export interface HistoryText {
  /** How many entries there are in all. */
  readonly count: number;
  readonly text: string;
}

/** What happened in a run, for people: the latest entries, one line each, grouped by day. */
export function renderHistory(records: readonly TransitionRecord[], latest = 40): HistoryText {
  const told = records.filter(({ kind }) => !UNTOLD.has(kind));
  const shown = told.slice(-latest);
  const earlier = told.length - shown.length;
  const lines = shown.map((record, index) => {
    const day = record.at.slice(0, 10);
    const isNewDay = day !== shown[index - 1]?.at.slice(0, 10);
    return `- ${isNewDay ? `${day} ` : ''}${formatClock(record.at)} ${sentenceFor(record)}`;
  });
  const note = earlier > 0 ? [`- …${earlier} earlier entries`] : [];
  return { count: told.length, text: [...note, ...lines].join('\n') };
}

/** Steps on the way that say nothing to people. */
const UNTOLD: ReadonlySet<string> = new Set(['node-ready', 'edge-taken', 'edge-dead', 'timer-set']);

function sentenceFor(record: TransitionRecord): string {
  const { kind, node, attempt, reasonCode, detail, actor } = record;
  const isAboutGate = kind.startsWith('gate-');
  const words = kind.replace(/^(?:node|run|gate)-/, '').replaceAll('-', ' ');
  const subject = isAboutGate ? `gate ${code(detail ?? '')}` : subjectOf(kind, node);
  const parts = [
    [subject, words].filter((part) => part !== '').join(' '),
    ...(isAboutGate && node !== null ? [code(node)] : []),
    ...(attempt !== null && attempt > 1 && node !== null ? [`try ${attempt}`] : []),
    ...(actor === null ? [] : [`by ${cleanLine(actor, 40)}`]),
    ...(isAboutGate ? [] : because(detail, reasonCode)),
  ];
  return parts.join(' · ');
}

function subjectOf(kind: string, node: string | null): string {
  if (node !== null) return code(node);
  return kind.startsWith('run-') ? 'run' : '';
}

function because(detail: string | null, reasonCode: string | null): readonly string[] {
  if (detail !== null) return [cleanLine(detail, 140)];
  return reasonCode === null ? [] : [cleanLine(reasonCode.replaceAll('-', ' '), 60)];
}
