import assert from 'node:assert/strict';
import { mustRewind } from '#src/engine/read/must-rewind.ts';
import { openItemsFor } from '#src/engine/read/open-items.ts';
import { workspaceFor } from '#src/engine/read/workspace-for.ts';
import { edgeState } from '#src/engine/state/edge-state.ts';
import type { Effect, RunEvent, Transition } from '#src/engine/state/event.ts';
import { isSettled } from '#src/engine/state/is-settled.ts';
import { nodeAt } from '#src/engine/state/node-at.ts';
import { openGates } from '#src/engine/state/open-gates.ts';
import type { NodeKey, NodeState, Run } from '#src/engine/state/run.ts';
import { transition } from '#src/engine/transition.ts';
import type { Plan } from '#src/plan/plan.ts';

/** What the invariants need to know about the world around the run. */
export interface Witness {
  readonly plan: Plan;
  readonly asked: ReadonlySet<string>;
  readonly charged: { readonly inputTokens: number; readonly outputTokens: number };
}

/** What has to be true after every event, whatever it was. */
export function checkTransition(
  world: Witness,
  before: Run,
  event: RunEvent,
  after: Transition,
): void {
  checkEffects(before, after);
  checkNobodyStopped(event, after);
  checkRoundTrip(world.plan, before, event, after);
  if (after.run === before) return;
  const nodes = liveNodes(after.run);
  checkWorkspaces(world.plan, after.run, nodes);
  checkVisits(before, after.run);
  checkCounters(world, after.run);
  checkStatus(world.plan, after.run, nodes);
  checkStarts(world.plan, before, after);
  checkCaps(world.plan, before, after);
  checkOpenItems(world.plan, after);
  checkLooks(world.plan, before, after);
}

type Started = Extract<Effect, { type: 'execute-node' }>;

interface LiveNode {
  readonly key: NodeKey;
  readonly state: NodeState;
}

function liveNodes(run: Run): LiveNode[] {
  return Object.entries(run.frames)
    .filter(([, frame]) => frame.status === 'running')
    .flatMap(([id, frame]) =>
      Object.entries(frame.nodes).map(([name, state]) => ({ key: id + name, state })),
    );
}

function isAtWork({ state }: LiveNode): boolean {
  return state.status === 'running' && state.phase !== 'members';
}

function checkEffects(before: Run, after: Transition): void {
  const count = (type: string): number =>
    after.effects.filter((effect) => effect.type === type).length;
  if (after.run === before) assert.equal(after.effects.length, 0, 'effects without a change');
  assert.ok(count('publish') <= 1, 'published twice');
  const hasSettled = !isSettled(before.status) && isSettled(after.run.status);
  const again = isSettled(before.status) && after.run.settledAt !== before.settledAt;
  if (hasSettled) assert.equal(count('settle'), 1, 'settled without an effect');
  if (!hasSettled && !again) assert.equal(count('settle'), 0, 'settle effect without settling');
  if (after.refusal !== null) assert.equal(after.run, before, 'a refused event changed the run');
}

/** Whoever has just reported the end of its work is not told to stop. */
function checkNobodyStopped(event: RunEvent, after: Transition): void {
  if (event.type !== 'node.finished') return;
  const stopped = after.effects.some(
    (effect) =>
      effect.type === 'stop-node' && effect.node === event.node && effect.visit === event.visit,
  );
  assert.ok(!stopped, `${event.node} is stopped after its end`);
}

/** Saving and loading the run in between changes nothing. */
function checkRoundTrip(plan: Plan, before: Run, event: RunEvent, after: Transition): void {
  const loaded = JSON.parse(JSON.stringify(before)) as Run;
  const again = transition(plan, loaded, event);
  assert.equal(JSON.stringify(again), JSON.stringify(after), 'a loaded run behaves differently');
}

function checkWorkspaces(plan: Plan, run: Run, nodes: readonly LiveNode[]): void {
  const uses = nodes.filter(isAtWork).map(({ key }) => ({ key, ...workspaceFor(plan, run, key) }));
  for (const writer of uses.filter(({ mode }) => mode === 'write')) {
    const others = uses.filter(
      ({ key, tree, mode }) => key !== writer.key && tree === writer.tree && mode !== 'none',
    );
    assert.deepEqual(others, [], `${writer.key} does not write alone`);
  }
  const { maxParallel } = plan.policies;
  if (maxParallel !== null)
    assert.ok(nodes.filter(isAtWork).length <= maxParallel, 'too many at work');
}

function checkVisits(before: Run, after: Run): void {
  for (const [id, frame] of Object.entries(before.frames)) {
    for (const [name, was] of Object.entries(frame.nodes)) {
      const is = after.frames[id]?.nodes[name];
      assert.ok(is !== undefined, `${id}${name} is lost`);
      assert.ok(is.visit >= was.visit, `${id}${name} went back to an earlier visit`);
      if (is.visit === was.visit)
        assert.ok(is.attempt >= was.attempt, `${id}${name} lost an attempt`);
    }
  }
}

function checkCounters(world: Witness, run: Run): void {
  assert.equal(run.counters.steps, world.asked.size, 'steps are miscounted');
  assert.equal(run.counters.usage.inputTokens, world.charged.inputTokens, 'tokens are miscounted');
  assert.equal(
    run.counters.usage.outputTokens,
    world.charged.outputTokens,
    'tokens are miscounted',
  );
  assert.equal(run.counters.gates, run.gates.length, 'gates are miscounted');
  for (const frame of Object.values(run.frames)) {
    for (const { id, max } of world.plan.graphs[frame.graph]?.loops ?? [])
      assert.ok((frame.loops[id]?.count ?? 0) <= max, `loop ${id} ran too often`);
  }
}

/** Once all steps are used only finalisers start; beside them, no more than there were steps left. */
function checkCaps(plan: Plan, before: Run, after: Transition): void {
  const { run, effects } = after;
  const { steps, base } = run.counters;
  const most = plan.policies.caps.steps + base.steps;
  if (steps <= most) return;
  const started = effects.flatMap((effect) =>
    effect.type === 'execute-node' && !isStoppedAgain(after, effect.node) ? [effect.node] : [],
  );
  const bound = started.filter((node) => !isFinal(plan, run, node));
  const left = Math.max(0, most - before.counters.steps);
  assert.ok(bound.length <= left, `${bound.join()} start although ${left} steps are left`);
}

function isFinal(plan: Plan, run: Run, node: string): boolean {
  const around = [...node.matchAll(/[/[]/g)].map(({ index }) => node.slice(0, index));
  return [...around, node].some((key) => nodeAt(plan, run, key)?.node.finally);
}

function checkStatus(plan: Plan, run: Run, nodes: readonly LiveNode[]): void {
  const reasons = Object.values(run.frames).map((frame) => frame.failure?.code);
  assert.ok(!reasons.includes('deadlock'), 'deadlock');
  if (!isSettled(run.status)) {
    if (run.status === 'waiting') {
      assert.ok(openGates(run).length > 0, 'waiting for nobody');
      assert.ok(!nodes.some(isAtWork), 'waiting while work goes on');
    }
    return checkGates(plan, run);
  }
  assert.deepEqual(nodes, [], 'something is alive in a settled run');
  const root = run.frames['']?.nodes ?? {};
  const open = Object.entries(root).filter(([, { status }]) => OPEN.has(status));
  assert.deepEqual(open, [], 'a node was lost');
  const gates = openGates(run).filter((gate) => gate.kind !== 'escalation');
  assert.deepEqual(gates, [], 'a gate is open in a settled run');
}

const OPEN: ReadonlySet<string> = new Set([
  'idle',
  'ready',
  'running',
  'awaiting-input',
  'awaiting-approval',
]);

/** A waiting node has its gate, and an open gate its waiting node. */
function checkGates(plan: Plan, run: Run): void {
  for (const gate of openGates(run)) {
    const state = nodeAt(plan, run, gate.node)?.state;
    assert.equal(state?.gate, gate.id, `${gate.id} is not the gate of ${gate.node}`);
    assert.ok(state.status.startsWith('awaiting'), `${gate.node} does not wait for ${gate.id}`);
  }
  for (const { key, state } of liveNodes(run)) {
    if (!state.status.startsWith('awaiting')) continue;
    const gate = openGates(run).find(({ id }) => id === state.gate);
    assert.ok(gate !== undefined, `${key} waits for nothing`);
  }
}

/** A node starts only when everything before it is decided. */
function checkStarts(plan: Plan, before: Run, after: Transition): void {
  for (const effect of after.effects) {
    if (effect.type !== 'execute-node' || isStoppedAgain(after, effect.node)) continue;
    const found = nodeAt(plan, after.run, effect.node);
    assert.ok(found !== null, `${effect.node} does not exist`);
    assert.equal(found.state.status, 'running', `${effect.node} is not running`);
    assert.equal(found.state.visit, effect.visit);
    assert.equal(found.state.attempt, effect.attempt);
    const graph = plan.graphs[found.frame.graph];
    if (graph?.mode !== 'graph' || found.node.join !== 'all' || found.node.finally) continue;
    if (hadBegun(plan, before, effect)) continue;
    for (const way of graph.edges.filter(({ to }) => to === found.node.id)) {
      assert.notEqual(edgeState(found.frame, way), 'pending', `${effect.node} started too early`);
    }
  }
}

/** Nobody is asked about a step before a worker has looked whether it can run. */
function checkLooks(plan: Plan, before: Run, { run }: Transition): void {
  const known = new Set(before.gates.map(({ id }) => id));
  for (const gate of openGates(run)) {
    const found = nodeAt(plan, run, gate.node);
    const asksFirst = gate.when === 'before' && ASKED_FIRST.has(gate.kind);
    const isOwn = gate.kind !== 'consent' || gate.individual;
    if (known.has(gate.id) || found === null || !asksFirst || !isOwn) continue;
    if (found.node.requires.length === 0 || !WORKED_ON.has(found.node.kind)) continue;
    assert.ok(found.state.looks > 0, `${gate.node} is asked about without a look`);
  }
}

const ASKED_FIRST: ReadonlySet<string> = new Set([
  'open-items',
  'approval',
  'stop-point',
  'consent',
]);
const WORKED_ON: ReadonlySet<string> = new Set(['agent', 'auto', 'call', 'foreach', 'group']);

/** Nothing that holds is given to a worker while conditions of earlier approvals are open. */
function checkOpenItems(plan: Plan, { run, effects }: Transition): void {
  for (const effect of effects) {
    const found = effect.type === 'execute-node' ? nodeAt(plan, run, effect.node) : null;
    if (effect.type !== 'execute-node' || found?.node.openItems !== 'hold') continue;
    const { phase } = found.state;
    if (phase === 'merge' || phase === 'preflight' || mustRewind(found.node, found.state)) continue;
    const open = openItemsFor(plan, run, effect.node);
    assert.deepEqual(open, [], `${effect.node} starts although items are open`);
  }
}

/** Its turn had come before: what was approved for other nodes may be taken back meanwhile. */
function hadBegun(plan: Plan, before: Run, { node, visit, attempt }: Started): boolean {
  const state = nodeAt(plan, before, node)?.state;
  const wasAsked = state?.visit === visit && state.status === 'awaiting-approval';
  return attempt > 1 || wasAsked;
}

function isStoppedAgain(after: Transition, node: NodeKey): boolean {
  return after.effects.some((effect) => effect.type === 'stop-node' && effect.node === node);
}
