import type { AttemptResult, EditedArtefact, Effect, RunEvent } from '#src/engine/state/event.ts';
import { isSettled } from '#src/engine/state/is-settled.ts';
import { newRun } from '#src/engine/state/new-run.ts';
import { nodeAt } from '#src/engine/state/node-at.ts';
import { openGates } from '#src/engine/state/open-gates.ts';
import type { Gate, NodeKey, NodeState, Run, Usage, Verdict } from '#src/engine/state/run.ts';
import { transition } from '#src/engine/transition.ts';
import type { Outcome } from '#src/plan/condition.ts';
import type { Plan } from '#src/plan/plan.ts';
import { checkTransition } from '#test/support/engine/invariants.ts';
import type { Happening } from '#test/support/engine/player.ts';
import { done, failed } from '#test/support/engine/player.ts';

interface Job {
  readonly node: NodeKey;
  readonly visit: number;
  readonly attempt: number;
}

/** A number source that is the same for the same seed. */
export type Dice = (sides: number) => number;

export function diceFrom(seed: number): Dice {
  let state = seed | 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/**
 * Everything around a run: workers, a queue that delivers twice, timers, people. It checks after
 * every event that the run is in order.
 */
export class World {
  readonly plan: Plan;
  run: Run;
  /** Every `execute-node` that was ever asked for. */
  readonly asked = new Set<string>();
  charged: Usage = { inputTokens: 0, outputTokens: 0, usd: null };
  events = 0;
  readonly log: string[] = [];
  readonly #dice: Dice;
  readonly #past: RunEvent[] = [];
  readonly #timers = new Map<string, string>();
  #queue: Job[] = [];
  #running: Job[] = [];
  #clock = Date.UTC(2026, 0, 1);
  #tokens = 0;
  #heads = 0;

  constructor(plan: Plan, dice: Dice) {
    this.plan = plan;
    this.#dice = dice;
    this.run = newRun({ id: 'R1', plan, starter: 'alice', params: {}, headSha: null });
  }

  get now(): string {
    return new Date(this.#clock).toISOString();
  }

  /** Something happens: work goes on, fails, repeats itself, somebody interferes. */
  disturb(): void {
    const actions = [
      ...this.#workActions(),
      ...this.#workActions(),
      ...this.#peopleActions(),
      () => this.#repeatSomething(),
      () => this.#decideWrongly(),
      ...(this.#dice(6) === 0 ? this.#rareActions() : []),
    ];
    actions[this.#dice(actions.length)]?.();
  }

  /** The best thing that can happen next; false when the run is over. */
  help(): boolean {
    if (isSettled(this.run.status)) return false;
    if (this.#isTimerDue()) this.#fireNextTimer();
    else if (this.run.held) this.apply({ type: 'run.unheld', by: 'bob' });
    else if (this.#queue.length > 0) this.#startJob();
    else if (this.#running.length > 0) this.#finishJob(done());
    else if (openGates(this.run).length > 0) this.#decideWell();
    else if (this.#timers.size > 0) this.#fireNextTimer();
    else throw new Error(`Stuck: ${this.run.status}`);
    return true;
  }

  resume(): void {
    this.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null });
  }

  apply(happening: Happening): void {
    this.#clock += 1_000;
    this.#apply({ ...happening, at: this.now });
  }

  #apply(event: RunEvent): void {
    this.events += 1;
    this.log.push(JSON.stringify(event));
    const before = this.run;
    const after = transition(this.plan, before, event);
    this.#past.push(event);
    if (event.type === 'node.finished' && after.run !== before) this.#charge(event.result.usage);
    for (const effect of after.effects) this.#take(effect);
    this.run = after.run;
    checkTransition(this, before, event, after);
    if (this.#dice(4) === 0) this.run = JSON.parse(JSON.stringify(this.run)) as Run;
  }

  #charge(usage: Usage): void {
    const { inputTokens, outputTokens } = this.charged;
    this.charged = {
      ...this.charged,
      inputTokens: inputTokens + usage.inputTokens,
      outputTokens: outputTokens + usage.outputTokens,
    };
  }

  #take(effect: Effect): void {
    if (effect.type === 'set-timer') this.#timers.set(effect.timer, effect.at);
    if (effect.type === 'stop-node')
      this.#running = this.#running.filter((job) => !sameJob(job, effect));
    if (effect.type !== 'execute-node') return;
    const { node, visit, attempt } = effect;
    const name = `${node}@${visit}.${attempt}`;
    if (this.asked.has(name)) throw new Error(`Asked twice to execute ${name}`);
    this.asked.add(name);
    this.#queue.push({ node, visit, attempt });
  }

  #workActions(): (() => void)[] {
    return [
      ...(this.#queue.length > 0 ? [() => this.#startJob(), () => this.#startJob()] : []),
      ...(this.#running.length > 0
        ? [
            () => this.#finishJob(this.#randomResult()),
            () => this.#finishJob(this.#randomResult()),
            () => this.#finishJob(done({ data: { score: 9 }, text: 'yes' })),
            () => this.#crashJob(),
            () => this.#handBackJob(),
          ]
        : []),
      ...(this.#timers.size > 0 ? [() => this.#fireNextTimer()] : []),
      ...(this.run.status === 'queued' ? [() => this.apply({ type: 'run.started' })] : []),
    ];
  }

  #peopleActions(): (() => void)[] {
    const gates = openGates(this.run);
    return gates.length === 0 ? [] : [() => this.#decideSomehow(), () => this.#decideWell()];
  }

  #rareActions(): (() => void)[] {
    const by = 'carol';
    return [
      () => this.apply({ type: 'run.held', by }),
      () => this.apply({ type: 'run.unheld', by }),
      () => this.apply({ type: 'run.unheld', by }),
      () => this.apply({ type: 'run.cancelled', by, reason: null }),
      () => this.apply({ type: 'head.moved', headSha: this.#newHead(), by }),
      () => this.#waiveSomething(),
      () => this.apply({ type: 'run.resumed', by, guidance: 'try', node: null }),
      () => this.apply({ type: 'run.resumed', by, guidance: null, node: this.#someFailed() }),
      () => this.#resumeElsewhere(),
      () => this.apply({ type: 'run.redesigned', by, text: 'something else' }),
    ];
  }

  /** Somebody has pushed since the run was over. */
  #resumeElsewhere(): void {
    const headSha = this.#newHead();
    this.apply({ type: 'run.resumed', by: 'carol', guidance: null, node: null, headSha });
  }

  #startJob(): void {
    const at = this.#dice(this.#queue.length);
    const [job] = this.#queue.splice(at, 1);
    if (job === undefined) return;
    this.#tokens += 1;
    const { node, visit, attempt } = job;
    const execution = `t${this.#tokens}`;
    this.apply({
      type: 'node.started',
      node,
      visit,
      execution,
      snapshot: this.run.headSha,
      attempt,
    });
    if (this.#holds(job, execution)) this.#running.push(job);
  }

  #finishJob(result: AttemptResult): void {
    const [job] = this.#running.splice(this.#dice(this.#running.length), 1);
    if (job === undefined) return;
    const attempt = this.#attemptOf(job);
    const { node, visit } = job;
    this.apply({ type: 'node.finished', node, visit, attempt, result: this.#shaped(node, result) });
  }

  /** The worker dies; the queue gives its job to another one. */
  #crashJob(): void {
    const [job] = this.#running.splice(this.#dice(this.#running.length), 1);
    if (job !== undefined) this.#queue.push(job);
  }

  #handBackJob(): void {
    const [job] = this.#running.splice(this.#dice(this.#running.length), 1);
    if (job === undefined) return;
    const attempt = this.#attemptOf(job);
    const { node, visit } = job;
    this.apply({ type: 'node.interrupted', node, visit, attempt, reason: 'shutdown' });
  }

  #fireNextTimer(): void {
    const next = [...this.#timers].toSorted(([, left], [, right]) => (left < right ? -1 : 1))[0];
    if (next === undefined) return;
    const [timer, at] = next;
    this.#timers.delete(timer);
    this.#clock = Math.max(this.#clock, Date.parse(at));
    this.apply({ type: 'timer.fired', timer });
  }

  #isTimerDue(): boolean {
    return [...this.#timers.values()].some((at) => at <= this.now);
  }

  #decideWell(): void {
    const gates = openGates(this.run);
    const gate = gates[this.#dice(gates.length)];
    const verdict = gate?.verdicts.find((one) => GOOD.has(one));
    if (gate !== undefined && verdict !== undefined) this.#decide(gate, verdict);
  }

  #decideSomehow(): void {
    const gates = openGates(this.run);
    const gate = gates[this.#dice(gates.length)];
    const verdict = gate?.verdicts[this.#dice(gate.verdicts.length)];
    if (gate === undefined || verdict === undefined) return;
    if (verdict === 'deny' && this.#dice(4) > 0) return;
    this.#decide(gate, verdict);
  }

  #decide(gate: Gate, verdict: Verdict): void {
    const voters = ['bob', 'carol', 'dave'];
    const by = voters.find((one) => !gate.votes.some((vote) => vote.by === one)) ?? 'erin';
    this.apply({
      type: 'gate.decided',
      gate: gate.id,
      verdict,
      by,
      text: 'Because.',
      channel: 'github',
      headSha: gate.subject.headSha,
      sha: null,
      alone: false,
      ...(verdict === 'edit' && { edited: this.#edited() }),
    });
  }

  /** A person's text may lead elsewhere than the agent's. */
  #edited(): EditedArtefact {
    const data = { score: this.#dice(10) };
    return { digest: 'sha256:2', size: 3, headline: 'New.', ...(this.#dice(2) === 0 && { data }) };
  }

  /** A decision on a gate that is closed, unknown or about another head is refused. */
  #decideWrongly(): void {
    const closed = this.run.gates.filter((gate) => gate.status !== 'open');
    const gate = closed[this.#dice(Math.max(1, closed.length))];
    const before = this.run;
    this.apply({
      type: 'gate.decided',
      gate: gate?.id ?? 'G999',
      verdict: 'approve',
      by: 'bob',
      text: 'x',
      channel: 'github',
      headSha: 'elsewhere',
      sha: null,
      alone: false,
    });
    if (JSON.stringify(before) !== JSON.stringify(this.run))
      throw new Error('A wrong decision counted');
  }

  /** The queue delivers an old event again. */
  #repeatSomething(): void {
    const event = this.#past[this.#dice(Math.max(1, this.#past.length))];
    if (event === undefined || !REPEATABLE.has(event.type) || this.#wouldBeNews(event)) return;
    const before = this.run;
    const after = transition(this.plan, before, { ...event, at: this.now });
    if (after.run !== before || after.effects.length > 0) {
      throw new Error(`A repeated event counted: ${JSON.stringify(event)}`);
    }
  }

  /** An old start by another worker looks like a crash of the present one: the queue's fence. */
  #wouldBeNews(event: RunEvent): boolean {
    if (event.type !== 'node.started') return false;
    const state = nodeAt(this.plan, this.run, event.node)?.state;
    const isPresent = state?.visit === event.visit && state.dispatched === event.attempt;
    return isPresent && state.execution !== event.execution;
  }

  #waiveSomething(): void {
    const keys = Object.entries(this.run.frames).flatMap(([frame, { nodes }]) =>
      Object.keys(nodes).map((id) => frame + id),
    );
    const node = keys[this.#dice(Math.max(1, keys.length))];
    if (node !== undefined) this.apply({ type: 'node.waived', node, by: 'carol' });
    this.#forgetLost();
  }

  #someFailed(): NodeKey | null {
    const failing = Object.entries(this.run.frames).flatMap(([frame, { nodes }]) =>
      Object.entries(nodes)
        .filter(([, state]) => state.status === 'failed')
        .map(([id]) => frame + id),
    );
    return failing[this.#dice(Math.max(1, failing.length))] ?? null;
  }

  #randomResult(): AttemptResult {
    const usd = this.#dice(3) === 0 ? this.#dice(20) / 100 : null;
    const usage = { inputTokens: this.#dice(30), outputTokens: this.#dice(5), usd };
    const roll = this.#dice(14);
    if (roll === 0) return { ...failed({ class: 'transient', reason: 'rate-limit' }), usage };
    if (roll === 1) return { ...failed(), usage };
    if (roll === 2) return { ...failed({ class: 'validation', reason: 'invalid-result' }), usage };
    if (roll === 3) return failed({ class: 'configuration', reason: 'missing-requirement' });
    const outcomes: Outcome[] = ['ok', 'ok', 'ok', 'ok', 'revise', 'stub', 'redesign', 'waived'];
    const rare: Outcome[] = ['escalate', 'halt', 'ok', 'ok', 'ok'];
    const outcome = outcomes[this.#dice(9)] ?? rare[this.#dice(5)] ?? 'ok';
    const size = this.#dice(3);
    return done({
      outcome,
      usage,
      data: { score: this.#dice(10) },
      text: this.#dice(2) === 0 ? 'yes' : 'no',
      fingerprint: this.#dice(3) === 0 ? ['a', 'b', 'c'].slice(0, size) : null,
      confidence: this.#dice(12) === 0 ? 'low' : null,
      openItems: this.#dice(3) === 0 ? ['Name the owner', 'Add an index'].slice(this.#dice(2)) : [],
      resolvedItems: this.#dice(6) === 0 ? ['add an index'] : [],
      ...(this.#dice(15) === 0 ? { questions: [{ question: 'Which?', options: ['a'] }] } : {}),
    });
  }

  /** What only this kind of node or phase answers: items, parameters, commits. */
  #shaped(node: NodeKey, result: AttemptResult): AttemptResult {
    if (result.status === 'failed') return result;
    const found = nodeAt(this.plan, this.run, node);
    if (found?.state.phase === 'preflight') return { ...done(), usage: result.usage };
    if (found?.state.phase === 'prepare') {
      return { ...result, outcome: 'ok', data: { p: 'x' }, items: ['x', 'y'] };
    }
    const writes = found?.node.workspace === 'write' && this.#dice(2) === 0;
    const isolated = found?.node.workspace === 'isolated';
    if (isolated) return { ...result, commit: `i${this.#dice(1_000)}` };
    return writes ? { ...result, commit: 'c', headSha: this.#newHead() } : result;
  }

  #newHead(): string {
    this.#heads += 1;
    return `head${this.#heads}`;
  }

  #holds(job: Job, execution: string): boolean {
    const state = this.#stateOf(job);
    return state?.status === 'running' && state.execution === execution;
  }

  /** After a crash the attempt has grown: the new worker was told so. */
  #attemptOf(job: Job): number {
    return this.#stateOf(job)?.attempt ?? job.attempt;
  }

  #stateOf(job: Job): NodeState | null {
    const state = nodeAt(this.plan, this.run, job.node)?.state ?? null;
    return state?.visit === job.visit ? state : null;
  }

  /** Work that was stopped is not reported any more. */
  #forgetLost(): void {
    this.#running = this.#running.filter((job) => this.#stateOf(job)?.status === 'running');
  }
}

const GOOD: ReadonlySet<Verdict> = new Set(['approve', 'answer', 'override']);
const REPEATABLE: ReadonlySet<RunEvent['type']> = new Set([
  'run.started',
  'node.started',
  'node.finished',
  'node.interrupted',
  'gate.decided',
]);

function sameJob(job: Job, effect: Job): boolean {
  return job.node === effect.node && job.visit === effect.visit;
}
