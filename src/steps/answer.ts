import { createHash } from 'node:crypto';
import type { AttemptResult, Failure } from '../engine/state/event.ts';
import { NO_USAGE } from '../engine/state/idle-node.ts';
import type { Usage } from '../engine/state/run.ts';
import type { Json } from '../plan/json.ts';
import type { Output } from '../store/outputs.ts';
import type { Attempt, Executed } from './attempt.ts';

/** How much of a step's answer is kept for the workflow's conditions; the outputs have all of it. */
const MAX_KEPT_DATA = 20_000;
const MAX_CONDITION_TEXT = 50_000;
/** Far more than anybody reads; anything longer would only fill the database. */
const MAX_STORED = 4_000_000;

type Completed = Extract<AttemptResult, { status: 'completed' }>;

export interface StepAnswer extends Partial<Omit<Completed, 'status' | 'digest' | 'size'>> {
  readonly text: string;
  readonly headline: string;
}

/** A step's answer for the engine, and all of it for the outputs table. */
export function answered(
  attempt: Attempt,
  output: { readonly name: string | null; readonly at: string },
  answer: StepAnswer,
): Executed {
  const data = answer.data ?? null;
  const stored = storedFor(attempt, { ...output, text: answer.text, data });
  return {
    output: stored,
    result: {
      ...BLANK,
      ...answer,
      data: JSON.stringify(data).length > MAX_KEPT_DATA ? null : data,
      text: answer.text.slice(0, MAX_CONDITION_TEXT),
      digest: stored.digest,
      size: stored.size,
    },
  };
}

/** An attempt that failed. With `output`, what it had said so far can still be read. */
export function failed(
  why: Failure,
  more: { usage?: Usage; text?: string; output?: Output | null } = {},
): Executed {
  const { usage = NO_USAGE, text = '', output = null } = more;
  const result = {
    status: 'failed',
    failure: why,
    usage,
    text: text.slice(0, MAX_CONDITION_TEXT),
  } as const;
  return { output, result };
}

export function failure(
  kind: Failure['class'],
  reason: string,
  message: string,
  retryAfterMs: number | null = null,
): Failure {
  return { class: kind, reason, message, retryAfterMs };
}

export function storedFor(
  attempt: Attempt,
  { name, at, text, data }: { name: string | null; at: string; text: string; data: Json },
): Output {
  const kept = text.length > MAX_STORED ? `${text.slice(0, MAX_STORED)}\n[cut here]` : text;
  return {
    node: attempt.node,
    visit: attempt.visit,
    version: 1,
    name,
    text: kept,
    data,
    digest: `sha256:${createHash('sha256').update(kept).digest('hex')}`,
    size: text.length,
    author: null,
    createdAt: at,
  };
}

/** The text of an answer that may have a structured part. */
export function wholeText(text: string, data: Json): string {
  return data === null ? text : `${text}\n\n${JSON.stringify(data, null, 2)}`.trim();
}

const BLANK = {
  status: 'completed',
  outcome: 'ok',
  statusRaw: null,
  commit: null,
  headSha: null,
  openItems: [],
  notes: [],
  warnings: [],
  fingerprint: null,
  confidence: null,
  items: null,
  usage: NO_USAGE,
} as const;
