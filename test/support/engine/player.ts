import type {
  AttemptResult,
  Effect,
  Failure,
  RunEvent,
  Transition,
} from '#src/engine/state/event.ts';
import { newRun } from '#src/engine/state/new-run.ts';
import { nodeAt } from '#src/engine/state/node-at.ts';
import { openGates } from '#src/engine/state/open-gates.ts';
import type { Gate, NodeState, Run, Verdict } from '#src/engine/state/run.ts';
import { transition } from '#src/engine/transition.ts';
import type { Plan } from '#src/plan/plan.ts';

export type Completed = Extract<AttemptResult, { status: 'completed' }>;
type Decided = Extract<RunEvent, { type: 'gate.decided' }>;
/** An event without its time: `Omit` that keeps the members of the union apart. */
export type Happening = RunEvent extends infer Event
  ? Event extends RunEvent
    ? Omit<Event, 'at'>
    : never
  : never;

/** An answer `ok` that says nothing special. */
export function done(patch: Partial<Completed> = {}): Completed {
  return {
    status: 'completed',
    outcome: 'ok',
    statusRaw: null,
    data: null,
    text: 'Done.',
    headline: 'Done.',
    digest: 'sha256:1',
    size: 5,
    commit: null,
    headSha: null,
    openItems: [],
    notes: [],
    warnings: [],
    fingerprint: null,
    confidence: null,
    items: null,
    usage: { inputTokens: 0, outputTokens: 0, usd: null },
    ...patch,
  };
}

export function failed(patch: Partial<Failure> = {}): AttemptResult {
  return {
    status: 'failed',
    failure: {
      class: 'execution',
      reason: 'crashed',
      message: 'It crashed.',
      retryAfterMs: null,
      ...patch,
    },
    usage: { inputTokens: 0, outputTokens: 0, usd: null },
    text: '',
  };
}

/** Plays a run by hand: applies events, keeps the effects, moves a clock by a second per event. */
export class Player {
  readonly plan: Plan;
  run: Run;
  last: Transition;
  #seconds = 0;
  #executions = 0;

  constructor(plan: Plan, patch: Partial<Parameters<typeof newRun>[0]> = {}) {
    this.plan = plan;
    this.run = newRun({ id: 'R1', plan, starter: 'alice', params: {}, headSha: null, ...patch });
    this.last = { run: this.run, effects: [], records: [], refusal: null };
  }

  get now(): string {
    return new Date(Date.UTC(2026, 0, 1, 0, 0, this.#seconds)).toISOString();
  }

  start(): this {
    return this.apply({ type: 'run.started' });
  }

  apply(event: Happening): this {
    this.#seconds += 1;
    this.last = transition(this.plan, this.run, { ...event, at: this.now });
    this.run = this.last.run;
    return this;
  }

  wait(seconds: number): this {
    this.#seconds += seconds;
    return this;
  }

  /** A worker takes the node. */
  take(node: string, snapshot: string | null = null): this {
    this.#executions += 1;
    const { visit } = this.state(node);
    const execution = `worker-${this.#executions}`;
    return this.apply({ type: 'node.started', node, visit, execution, snapshot });
  }

  /** A worker takes the node and ends it with this result. */
  finish(node: string, result: AttemptResult = done()): this {
    this.take(node);
    const { visit, attempt } = this.state(node);
    return this.apply({ type: 'node.finished', node, visit, attempt, result });
  }

  finishAll(...nodes: readonly string[]): this {
    for (const node of nodes) this.finish(node);
    return this;
  }

  decide(verdict: Verdict, patch: Partial<Decided> = {}): this {
    const gate = patch.gate ?? this.gates[0]?.id ?? 'none';
    return this.apply({
      type: 'gate.decided',
      verdict,
      gate,
      by: 'bob',
      text: null,
      channel: 'github',
      headSha: this.run.headSha,
      sha: null,
      alone: false,
      ...patch,
    });
  }

  state(node: string): NodeState {
    const found = nodeAt(this.plan, this.run, node);
    if (found === null) throw new Error(`There is no node ${node}`);
    return found.state;
  }

  status(node: string): string {
    const { status, reason } = this.state(node);
    return status === 'skipped' ? (reason?.code ?? status) : status;
  }

  /** Status of several nodes, to compare at a glance. */
  statuses(...nodes: readonly string[]): Record<string, string> {
    return Object.fromEntries(nodes.map((node) => [node, this.status(node)]));
  }

  get gates(): readonly Gate[] {
    return openGates(this.run);
  }

  /** Keys of the nodes that the last event handed to workers. */
  get dispatched(): string[] {
    return this.effects('execute-node').map((effect) => effect.node);
  }

  get stopped(): string[] {
    return this.effects('stop-node').map((effect) => effect.node);
  }

  effects<Type extends Effect['type']>(type: Type): Extract<Effect, { type: Type }>[] {
    return this.last.effects.filter(
      (effect): effect is Extract<Effect, { type: Type }> => effect.type === type,
    );
  }

  kinds(): string[] {
    return this.last.records.map((record) => record.kind);
  }
}
