import fc from 'fast-check';
import type { Condition } from '#src/plan/condition.ts';
import type { ApprovalPolicy, Budget, Edge, Loop, Plan, PlanNode } from '#src/plan/plan.ts';
import { ABORT, COMPLETE } from '#src/plan/plan.ts';
import type { GraphParts } from '#test/support/engine/plan-builder.ts';
import {
  agent,
  aPlan,
  aPolicy,
  approval,
  auto,
  call,
  edge,
  foreach,
  gate,
  group,
  noop,
  on,
} from '#test/support/engine/plan-builder.ts';

const BUDGETS: readonly Budget[] = [
  { maxTokens: 40, maxUsd: null, alertPercent: [50, 80], onExceed: 'stop' },
  { maxTokens: 20, maxUsd: null, alertPercent: [], onExceed: 'pause' },
  { maxTokens: null, maxUsd: 0.1, alertPercent: [80], onExceed: 'alert-only' },
];

/**
 * Valid plans with everything the engine knows: conditions, waivers, loops, first-come joins,
 * approvals, gates, groups, nested sub-workflows, foreach members, state machines, finalisers,
 * routers, budgets and caps.
 */
export const randomPlan: fc.Arbitrary<Plan> = fc
  .record({
    main: graphShape(7),
    inner: fc.array(graphShape(4), { maxLength: 3 }),
    maxParallel: fc.option(fc.integer({ min: 1, max: 3 })),
    onFailure: fc.constantFrom('drain' as const, 'cancel' as const),
    escalates: fc.boolean(),
    steps: fc.constantFrom(400, 400, 400, 12),
    tokens: fc.constantFrom(null, null, null, 60),
    usd: fc.constantFrom(null, null, null, 0.3),
    wallMs: fc.constantFrom(null, null, null, 10_000),
    budget: fc.constantFrom(null, null, null, ...BUDGETS),
    degrades: fc.boolean(),
    consentHours: fc.constantFrom(3, 3, 0),
    redesign: fc.constantFrom('n0', 'n1', 'n3'),
  })
  .map((shape) => {
    const names = shape.inner.map((_, at) => `g${at}`);
    const inner = shape.inner.map((graph, at) => graphFrom(graph, names.slice(at + 1)));
    return aPlan({
      ...graphFrom(shape.main, names),
      graphs: Object.fromEntries(inner.map((graph, at) => [`g${at}`, graph])),
      policies: {
        maxParallel: shape.maxParallel,
        onFailure: shape.onFailure,
        escalation: shape.escalates ? { handler: 'human', timeout_ms: 86_400_000 } : null,
        caps: {
          visitsPerNode: 5,
          steps: shape.steps,
          tokens: shape.tokens,
          usd: shape.usd,
          wallMs: shape.wallMs,
        },
        budget: shape.budget,
        reliability: shape.degrades ? { budget_governor: { enabled: true } } : null,
        redesign: { to: shape.redesign },
        consentLifetimeMs: shape.consentHours * 3_600_000,
      },
    });
  });

type NodeShape = ReturnType<typeof nodeShape> extends fc.Arbitrary<infer T> ? T : never;
type LoopShape = ReturnType<typeof loopShape> extends fc.Arbitrary<infer T> ? T : never;
type GraphShape = ReturnType<typeof graphShape> extends fc.Arbitrary<infer T> ? T : never;

function nodeShape() {
  return fc.record({
    kind: fc.constantFrom(
      'agent' as const,
      'agent' as const,
      'agent' as const,
      'auto' as const,
      'noop' as const,
      'gate' as const,
      'approval' as const,
      'composite' as const,
      'composite' as const,
    ),
    parents: fc.array(fc.nat({ max: 6 }), { maxLength: 3 }),
    conditions: fc.array(fc.nat({ max: 9 }), { minLength: 3, maxLength: 3 }),
    join: fc.constantFrom('all' as const, 'all' as const, 'all' as const, 'any' as const),
    disposition: fc.constantFrom(
      'required' as const,
      'required' as const,
      'optional' as const,
      'checkpoint' as const,
    ),
    workspace: fc.constantFrom('none', 'read', 'read', 'write', 'isolated' as const),
    asks: fc.constantFrom('no', 'no', 'no', 'no', 'before', 'after', 'stop', 'consent'),
    approvers: fc.constantFrom(1, 1, 2),
    flags: fc.nat({ max: 31 }),
    when: fc.constantFrom(0, 0, 0, 0, 1),
    pick: fc.nat({ max: 9 }),
    retries: fc.constantFrom(0, 0, 1, 2),
  });
}

function loopShape() {
  return fc.record({
    from: fc.nat({ max: 6 }),
    to: fc.nat({ max: 6 }),
    max: fc.integer({ min: 0, max: 3 }),
    trigger: fc.nat({ max: 9 }),
    onExhaust: fc.constantFrom('escalate' as const, 'fail' as const, 'continue' as const),
    cooldownMs: fc.constantFrom(0, 0, 5_000),
    workspace: fc.constantFrom('keep' as const, 'rewind' as const),
    stopOnNoProgress: fc.boolean(),
    costCeilingUsd: fc.constantFrom(null, null, 0.2),
  });
}

function graphShape(maxNodes: number) {
  return fc.record({
    nodes: fc.array(nodeShape(), { minLength: 1, maxLength: maxNodes }),
    loops: fc.array(loopShape(), { maxLength: 3 }),
    stateMachine: fc.constantFrom(false, false, false, false, true),
    moves: fc.array(fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 8 }), fc.nat({ max: 9 })), {
      maxLength: 8,
    }),
    maxParallel: fc.option(fc.integer({ min: 1, max: 2 }), { freq: 4 }),
  });
}

function graphFrom(shape: GraphShape, inner: readonly string[]): GraphParts {
  const { maxParallel } = shape;
  const ids = shape.nodes.map((_, at) => `n${at}`);
  if (shape.stateMachine) {
    const nodes = shape.nodes.map((node, at) => ({
      ...nodeFrom(node, at, ids, inner),
      join: 'signal' as const,
      when: null,
    }));
    return { mode: 'state-machine', nodes, edges: movesFrom(shape, ids), maxParallel };
  }
  const edges = shape.nodes.flatMap((node, at) => edgesInto(node, at, ids));
  const leaves = new Set(ids.filter((id) => !edges.some(({ from }) => from === id)));
  const nodes = shape.nodes.map((node, at) => {
    const made = nodeFrom(node, at, ids, inner);
    if (leaves.has(made.id)) return isFinaliser(node) ? { ...made, finally: true } : made;
    const hasRoutes = edges.some(({ from, when }) => from === made.id && when.type !== 'always');
    return hasRoutes && (node.flags & 9) === 9 ? { ...made, mustRoute: true } : made;
  });
  return { nodes, edges, loops: loopsFrom(shape.loops, ids, edges), maxParallel };
}

function isFinaliser(shape: NodeShape): boolean {
  return (shape.flags & 24) === 24;
}

const CONDITIONS: readonly Condition[] = [
  { type: 'always' },
  { type: 'always' },
  { type: 'always' },
  { type: 'always' },
  on('ok'),
  on('ok', 'waived'),
  on('revise', 'stub'),
  { type: 'not', of: on('ok') },
  { type: 'field', path: 'score', op: 'gte', value: 5 },
  { type: 'text', op: 'contains', value: 'yes' },
];

function condition(at: number): Condition {
  return CONDITIONS[at] ?? { type: 'always' };
}

/** Edges lead from earlier to later nodes only, one per pair. */
function edgesInto(shape: NodeShape, at: number, ids: readonly string[]): Edge[] {
  const parents = [...new Set(shape.parents.map((parent) => parent % 7))].filter((p) => p < at);
  return parents.map((parent, nth) =>
    edge(`${ids[parent]} -> ${ids[at]}`, condition(shape.conditions[nth] ?? 0)),
  );
}

function movesFrom(shape: GraphShape, ids: readonly string[]): Edge[] {
  const targets = [...ids, COMPLETE, ABORT];
  const moves = shape.moves.map(([from, to, when], nth) => ({
    id: `m${nth}`,
    from: ids[from % ids.length] ?? 'n0',
    to: targets[to % targets.length] ?? COMPLETE,
    when: condition(when),
  }));
  const ends = ids.map((id) => ({
    id: `end-${id}`,
    from: id,
    to: COMPLETE,
    when: { type: 'always' } as const,
  }));
  return [...moves, ...ends];
}

/** A loop goes back to an ancestor or to the node itself. */
function loopsFrom(
  shapes: readonly LoopShape[],
  ids: readonly string[],
  edges: readonly Edge[],
): Loop[] {
  const triggers: readonly Condition[] = [on('revise', 'stub'), on('redesign'), ...CONDITIONS];
  return shapes.flatMap(({ from, to, trigger, ...rest }, nth) => {
    const source = ids[from % ids.length] ?? 'n0';
    const target = ids[to % ids.length] ?? 'n0';
    if (target !== source && !leadsTo(target, source, edges)) return [];
    const when = triggers[trigger] ?? on('revise');
    return [{ ...rest, id: `l${nth}`, from: source, to: target, trigger: when }];
  });
}

function leadsTo(from: string, to: string, edges: readonly Edge[]): boolean {
  return edges.some((way) => way.from === from && (way.to === to || leadsTo(way.to, to, edges)));
}

function nodeFrom(
  shape: NodeShape,
  at: number,
  ids: readonly string[],
  inner: readonly string[],
): PlanNode {
  const id = ids[at] ?? 'n0';
  const earlier = ids[shape.pick % Math.max(1, at)] ?? id;
  const common = {
    join: shape.join,
    disposition: shape.disposition,
    workspace: shape.workspace,
    retries: shape.retries,
    once: (shape.flags & 7) === 7,
    risky: (shape.flags & 3) === 3,
    ...((shape.flags & 2) === 2 && !isFinaliser(shape) ? { openItems: 'hold' as const } : {}),
    budget: shape.pick === 9 ? (BUDGETS[shape.flags % BUDGETS.length] ?? null) : null,
    requires: shape.pick === 3 || shape.pick === 6 ? ['git'] : [],
    when: shape.when === 0 ? null : ({ type: 'output', path: 'n0.score', op: 'exists' } as const),
    requiredInputs: (shape.flags & 12) === 12 && at > 0 ? [earlier] : [],
    ...approvalFrom(shape, at, ids),
  };
  return kindFrom(shape, id, earlier, inner, common);
}

function approvalFrom(
  shape: NodeShape,
  at: number,
  ids: readonly string[],
): Pick<PlanNode, 'approval' | 'consent' | 'stopPoint'> {
  const when = shape.asks === 'before' ? 'before' : 'after';
  const policy: ApprovalPolicy = aPolicy({
    when,
    approvers: { role: 'write', teams: [], users: [], count: shape.approvers },
    batch: (shape.flags & 5) === 5,
    expireMs: (shape.flags & 17) === 17 ? 7_200_000 : null,
    revise: at === 0 ? null : { to: ids[at] ?? 'n0', max: 2 },
  });
  return {
    approval: ['before', 'after', 'stop'].includes(shape.asks) ? policy : null,
    consent: shape.asks === 'consent' ? policy : null,
    stopPoint: shape.asks === 'stop',
  };
}

function kindFrom(
  shape: NodeShape,
  id: string,
  earlier: string,
  inner: readonly string[],
  common: Partial<Omit<PlanNode, 'kind' | 'id'>>,
): PlanNode {
  const graph = inner[shape.pick % Math.max(1, inner.length)];
  switch (shape.kind) {
    case 'agent':
      return agent(id, common);
    case 'auto':
      return auto(id, common);
    case 'noop':
      return noop(id, common);
    case 'gate':
      return gate(id, earlier, {
        ...common,
        criteria: [{ path: 'score', op: 'min', value: 3 }],
        severity: shape.flags % 2 === 0 ? 'error' : 'warning',
      });
    case 'approval':
      return approval(id, { ...common, subject: earlier, approval: common.approval ?? aPolicy() });
    case 'composite':
      return graph === undefined ? agent(id, common) : compositeFrom(shape, id, graph, common);
  }
}

function compositeFrom(
  shape: NodeShape,
  id: string,
  graph: string,
  common: Partial<Omit<PlanNode, 'kind' | 'id'>>,
): PlanNode {
  const completeWhen = (['all', 'all', 'any', 2] as const)[shape.flags % 4] ?? 'all';
  const onMemberFailure = shape.flags % 3 === 0 ? 'continue' : 'fail';
  if (shape.pick % 3 === 0) {
    return call(id, graph, { ...common, params: shape.flags % 2 === 0 ? {} : { p: '{{ n0 }}' } });
  }
  if (shape.pick % 3 === 1) return group(id, graph, { ...common, completeWhen, onMemberFailure });
  return foreach(id, graph, {
    ...common,
    completeWhen,
    onMemberFailure,
    items:
      shape.flags % 2 === 0
        ? { type: 'list', items: [{ id: 'a' }, { id: 'b', depends_on: ['a'] }, { id: 'c' }] }
        : { type: 'files', glob: 'tasks/*.md' },
    maxParallel: 1 + (shape.flags % 3),
    memberRetries: shape.flags % 2,
  });
}
