import { endOf } from '../doctor/simulate/ends.ts';
import type { Exploration } from '../doctor/simulate/explore.ts';
import type { Move } from '../doctor/simulate/move.ts';
import type { Play } from '../doctor/simulate/play.ts';
import type { TransitionRecord } from '../engine/state/event.ts';

/** One path, move by move, with what the engine recorded about each. */
export function playText({ acts, run, end, message }: Play): string {
  const lines = acts.flatMap(({ move, scripted, records }) => [
    move === null
      ? 'start'
      : moveText(move) + (scripted || move.type === 'wait' ? '' : '  (first rule)'),
    ...records.filter(isTelling).map((record) => `    ${recordText(record)}`),
  ]);
  const close =
    end === 'over'
      ? `The run ends as ${endOf(run)}.`
      : `The run stops here: ${message ?? 'nothing can happen any more, though it is not over'}`;
  return [...lines, '', close].join('\n');
}

/** The engine's own book-keeping says nothing about the path. */
const DULL: ReadonlySet<string> = new Set(['node-dispatched', 'node-started']);

function isTelling({ kind }: TransitionRecord): boolean {
  return !DULL.has(kind);
}

function recordText({ kind, node, visit, reasonCode, detail }: TransitionRecord): string {
  const about =
    node === null ? '' : ` ${node}${visit !== null && visit > 1 ? ` (visit ${visit})` : ''}`;
  const why = [reasonCode, detail].filter((part) => part !== null && part !== '').join(': ');
  return `${kind}${about}${why === '' ? '' : ` – ${why}`}`;
}

function moveText(move: Move): string {
  switch (move.type) {
    case 'answer':
      return `${move.node} answers ${answerText(move.answer)}`;
    case 'failure':
      return `${move.node} fails (${move.reason})`;
    case 'verdict':
      return `${move.gate} of ${move.node}: ${move.verdict}`;
    case 'expiry':
      return `${move.gate} of ${move.node} expires`;
    case 'wait':
      return 'time passes';
  }
}

function answerText({
  outcome,
  status,
  data,
  text,
  items,
  asks,
  isUnsure,
}: Extract<Move, { type: 'answer' }>['answer']): string {
  const parts = [
    status ?? outcome,
    ...(data === null ? [] : [JSON.stringify(data)]),
    ...(text === 'Done.' ? [] : [JSON.stringify(text)]),
    ...(items === undefined ? [] : [`items ${JSON.stringify(items)}`]),
    ...(asks === true ? ['and asks a question'] : []),
    ...(isUnsure === true ? ['and is not sure'] : []),
  ];
  return parts.join(' ');
}

export interface ExplorationFacts {
  readonly bound: number;
  readonly missing: readonly string[];
}

/** What all paths together show. */
export function explorationText(found: Exploration, { bound, missing }: ExplorationFacts): string {
  const { states, moves, complete, cut, ends, deadEnds, neverStarted, sampled } = found;
  const scope = complete ? 'all of them' : 'NOT all of them: the limit on states was reached';
  return [
    `${states} states, ${moves} moves, at most ${bound} visits of each step: ${scope}.`,
    ...(cut > 0 ? [`${cut} states lie beyond the bound and were not followed.`] : []),
    ...(sampled.length > 0 ? [`Too many answers to try all of them: ${sampled.join(', ')}.`] : []),
    '',
    `Ends that are reached (${ends.size}), each by its shortest path:`,
    ...[...ends].flatMap(([end, path]) => [`  ${end}`, ...pathLines(path)]),
    ...section('Ends that are never reached', missing),
    ...section('Steps that never start', neverStarted),
    ...(deadEnds.length === 0 ? ['', 'No dead end.'] : ['', `Dead ends (${deadEnds.length}):`]),
    ...deadEnds.flatMap((path, at) => [`  ${at + 1}.`, ...pathLines(path)]),
  ].join('\n');
}

function section(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ['', `${title}:`, ...items.map((item) => `  ${item}`)];
}

function pathLines(path: readonly Move[]): readonly string[] {
  return path.map((move) => `      ${moveText(move)}`);
}
