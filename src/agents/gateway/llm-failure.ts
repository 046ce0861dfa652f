import type { IncomingMessage } from 'node:http';
import { isRecord } from '../../is-record.ts';
import type { AgentFailure } from '../agent.ts';
import { parseJson } from './fenced-json.ts';

/** What a model's server answered instead of answering the question. */
export interface LlmRefusal {
  status: number;
  /** The vendor's own code, such as `insufficient_quota`. */
  code?: string;
  message?: string;
  retryAfterMs?: number;
  /** It never got as far as the server. */
  byGateway?: true;
}

const MAX_MESSAGE = 300;
const QUOTA_CODES = new Set(['insufficient_quota', 'billing_error', 'billing_hard_limit_reached']);

/** This status means that the upstream could not be reached at all. */
export const UNREACHABLE = 0;

/** Classifies a refused model call the same way for every vendor. */
export function failureOfRefusal(refusal: LlmRefusal): AgentFailure {
  const detail = refusal.message === undefined ? '' : `: ${refusal.message}`;
  const wait = refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs };
  const { status } = refusal;
  if (status === UNREACHABLE) {
    return {
      class: 'transient',
      reason: 'network',
      message: `The model's server cannot be reached${detail}`,
    };
  }
  if (refusal.byGateway === true) {
    const message = `The gateway refused a model call${detail}`;
    return { class: 'execution', reason: 'request', message };
  }
  const answer = `The model's server answered ${status}${detail}`;
  if (status === 402 || QUOTA_CODES.has(refusal.code ?? '')) {
    return { class: 'configuration', reason: 'quota', message: answer };
  }
  if (status === 401 || status === 403) {
    return { class: 'configuration', reason: 'auth', message: answer };
  }
  if (status === 429) return { class: 'transient', reason: 'rate-limit', message: answer, ...wait };
  if (status >= 500 || status === 408) {
    return { class: 'transient', reason: 'server', message: answer, ...wait };
  }
  return { class: 'execution', reason: 'request', message: answer };
}

/** Reads what a server said about its refusal. The key is cut out, should the server repeat it. */
export function readRefusal(
  answer: Pick<IncomingMessage, 'statusCode' | 'headers'>,
  body: string,
  key: string | undefined,
): LlmRefusal {
  const { code, message } = errorIn(body);
  const retryAfterMs = retryAfterOf(answer.headers, Date.now());
  return {
    status: answer.statusCode ?? 502,
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message: withoutKey(message, key).slice(0, MAX_MESSAGE) }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function errorIn(body: string): { code?: string; message?: string } {
  const parsed = parseJson(body)?.value;
  const holder: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!isRecord(holder) || !isRecord(holder['error'])) return {};
  const { code, type, message } = holder['error'];
  const name = typeof code === 'string' ? code : type;
  return {
    ...(typeof name === 'string' && { code: name }),
    ...(typeof message === 'string' && { message }),
  };
}

function withoutKey(message: string, key: string | undefined): string {
  return key === undefined || key === '' ? message : message.replaceAll(key, '***');
}

/** The waiting time a server asks for, in milliseconds. */
export function retryAfterOf(headers: IncomingMessage['headers'], now: number): number | undefined {
  const exact = Number(headers['retry-after-ms']);
  if (exact > 0) return exact;
  const text = headers['retry-after'];
  if (typeof text !== 'string') return undefined;
  const seconds = Number(text);
  const wait = Number.isNaN(seconds) ? Date.parse(text) - now : seconds * 1_000;
  return wait > 0 ? Math.round(wait) : undefined;
}
