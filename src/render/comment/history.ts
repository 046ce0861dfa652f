import type { TransitionRecord } from '../../engine/state/event.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { formatClock } from '../text/format.ts';

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

/** Intermediate steps that mean nothing to people. */
const UNTOLD: ReadonlySet<string> = new Set(['node-ready', 'node-dispatched']);

function sentenceFor(record: TransitionRecord): string {
  const { kind, node, attempt, actor } = record;
  const parts = [
    what(record),
    ...(attempt !== null && attempt > 1 && node !== null ? [`try ${attempt}`] : []),
    ...(actor === null ? [] : [`by ${cleanLine(actor, 40)}`]),
    ...(kind.startsWith('gate-') ? [] : because(record)),
  ];
  return parts.join(' · ');
}

/** `plan completed`, `gate G1 opened on plan`, `gate G1 decided: approve`. */
function what({ kind, node, detail, reasonCode }: TransitionRecord): string {
  const words = kind.replace(/^(?:node|run|gate)-/, '').replaceAll('-', ' ');
  if (kind.startsWith('gate-')) {
    const where = node === null ? '' : ` on ${code(node)}`;
    const how = kind === 'gate-decided' || kind === 'gate-void' ? `: ${inWords(reasonCode)}` : '';
    return `gate ${code(detail ?? '')} ${words}${where}${how}`;
  }
  if (node !== null) return `${code(node)} ${words}`;
  return kind.startsWith('run-') ? `run ${words}` : words;
}

function because({ detail, reasonCode }: TransitionRecord): readonly string[] {
  const text = detail === null ? inWords(reasonCode) : cleanLine(detail, 140);
  return text === '' ? [] : [text];
}

function inWords(reasonCode: string | null): string {
  return cleanLine((reasonCode ?? '').replaceAll('-', ' '), 60);
}
