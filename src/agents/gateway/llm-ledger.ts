import type { AgentFailure, AgentLimits, AgentUsage } from '../agent.ts';
import type { Price } from '../catalog/catalog-schema.ts';
import { failureOfRefusal, type LlmRefusal } from './llm-failure.ts';
import type { LlmTokens } from './llm-usage.ts';

export interface LedgerOptions {
  limits: Pick<AgentLimits, 'maxTokens' | 'maxCostUsd'>;
  prices: Readonly<Record<string, Price>>;
  /** Failures in a row after which the step ends. */
  attempts: number;
  /** Called once, when the step must not go on. */
  onStop(failure: AgentFailure): void;
}

/** If an agent would wait longer than this, the engine had better wait instead. */
const LONGEST_WAIT_MS = 60_000;
const FINAL_REASONS = new Set(['auth', 'quota']);

/** The model calls of one step as the gateway saw them: the authority on errors, tokens and cost. */
export class LlmLedger {
  readonly #options: LedgerOptions;
  #stopped = false;
  #calls = 0;
  #failuresInARow = 0;
  #last: { order: number; failure: AgentFailure | undefined } | undefined;
  #input = 0;
  #output = 0;
  #cost = 0;
  #hasUnpricedCalls = false;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Requests a call and returns its number; undefined if the step may make no more. */
  begin(): number | undefined {
    if (this.#stopped) return undefined;
    return ++this.#calls;
  }

  succeed(order: number, tokens: LlmTokens | undefined): void {
    this.#failuresInARow = 0;
    this.#settle(order, undefined);
    if (tokens === undefined) return;
    this.#count(tokens);
    this.#checkBudget();
  }

  fail(order: number, refusal: LlmRefusal): void {
    const failure = failureOfRefusal(refusal);
    this.#settle(order, failure);
    this.#failuresInARow++;
    const isHopeless =
      FINAL_REASONS.has(failure.reason) ||
      this.#failuresInARow >= this.#options.attempts ||
      (failure.retryAfterMs ?? 0) > LONGEST_WAIT_MS;
    if (isHopeless) this.#stop(failure);
  }

  /** No call is let through after this. */
  close(): void {
    this.#stopped = true;
  }

  /** Why the latest finished call failed; undefined if it went well or there was none. */
  lastFailure(): AgentFailure | undefined {
    return this.#last?.failure;
  }

  /** Undefined as long as no call has reported its tokens. */
  usage(): AgentUsage | undefined {
    if (this.#input + this.#output === 0) return undefined;
    return {
      inputTokens: this.#input,
      outputTokens: this.#output,
      costUsd: this.#hasUnpricedCalls ? null : this.#cost,
      calls: this.#calls,
      source: 'gateway',
    };
  }

  get calls(): number {
    return this.#calls;
  }

  #settle(order: number, failure: AgentFailure | undefined): void {
    if (this.#last === undefined || order >= this.#last.order) this.#last = { order, failure };
  }

  #count(tokens: LlmTokens): void {
    this.#input += tokens.input + tokens.cacheRead + tokens.cacheWrite;
    this.#output += tokens.output;
    const price = priceOf(this.#options.prices, tokens.model);
    if (price === undefined) this.#hasUnpricedCalls = true;
    else this.#cost += costOf(tokens, price);
  }

  #checkBudget(): void {
    const { maxTokens, maxCostUsd } = this.#options.limits;
    const tokens = this.#input + this.#output;
    if (maxTokens !== undefined && tokens >= maxTokens) {
      const message = `The step used ${tokens} tokens of the ${maxTokens} it may use`;
      this.#stop({ class: 'budget', reason: 'max-tokens', message });
    } else if (maxCostUsd !== undefined && this.#cost >= maxCostUsd) {
      const message = `The step cost ${this.#cost.toFixed(4)} of the ${maxCostUsd} US dollars it may cost`;
      this.#stop({ class: 'budget', reason: 'max-cost', message });
    }
  }

  #stop(failure: AgentFailure): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#options.onStop(failure);
  }
}

/** Vendors answer with dated ids (`model-2025-01-01`) for the undated name, so the longest prefix wins. */
function priceOf(
  prices: Readonly<Record<string, Price>>,
  model: string | undefined,
): Price | undefined {
  const names = Object.keys(prices).filter((name) => model?.startsWith(name));
  const best = names.toSorted((a, b) => b.length - a.length)[0] ?? 'default';
  return Object.hasOwn(prices, best) ? prices[best] : undefined;
}

function costOf(tokens: LlmTokens, price: Price): number {
  const total =
    tokens.input * price.input +
    tokens.output * price.output +
    tokens.cacheRead * (price.cache_read ?? price.input) +
    tokens.cacheWrite * (price.cache_write ?? price.input);
  return total / 1_000_000;
}
