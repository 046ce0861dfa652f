import type { Condition, Outcome } from '#src/plan/condition.ts';
import type {
  AgentNode,
  ApprovalNode,
  ApprovalPolicy,
  AutoNode,
  CallNode,
  Edge,
  ForeachNode,
  GateNode,
  Graph,
  GroupNode,
  Loop,
  NodeCommon,
  NoopNode,
  Plan,
  PlanNode,
  Policies,
} from '#src/plan/plan.ts';

/** Valid defaults for every part of a plan; a test states only what matters to it. */

const COMMON: Omit<NodeCommon, 'id'> = {
  title: null,
  join: 'all',
  disposition: 'required',
  workspace: 'none',
  when: null,
  approval: null,
  consent: null,
  retries: 0,
  timeoutMs: null,
  output: null,
  inputs: null,
  requiredInputs: [],
  requires: [],
  finally: false,
  once: false,
  stopPoint: false,
  risky: false,
  budget: null,
  line: null,
};

export function agent(id: string, patch: Partial<AgentNode> = {}): AgentNode {
  return {
    ...COMMON,
    kind: 'agent',
    id,
    persona: 'developer',
    prompt: 'Do it.',
    model: null,
    effort: null,
    agent: null,
    access: 'readonly',
    session: 'fresh',
    execution: 'subagent',
    result: null,
    checks: [],
    handoffs: [],
    report: [],
    visibility: { mode: 'full', include: [], exclude: [] },
    cache: false,
    meta: {},
    output: id,
    ...patch,
  };
}

export function auto(id: string, patch: Partial<AutoNode> = {}): AutoNode {
  const line = 'npm test';
  const run = { line, timeoutMs: 1_000, maxOutputBytes: 1_000, allow: [], deny: [] };
  return { ...COMMON, kind: 'auto', id, run, callable: null, result: null, output: id, ...patch };
}

export function noop(id: string, patch: Partial<NoopNode> = {}): NoopNode {
  return { ...COMMON, kind: 'noop', id, ...patch };
}

export function gate(id: string, subject: string, patch: Partial<GateNode> = {}): GateNode {
  return { ...COMMON, kind: 'gate', id, subject, criteria: [], severity: 'error', ...patch };
}

export function approval(id: string, patch: Partial<ApprovalNode> = {}): ApprovalNode {
  return { ...COMMON, kind: 'approval', id, subject: null, approval: aPolicy(), ...patch };
}

export function call(id: string, graph: string, patch: Partial<CallNode> = {}): CallNode {
  return { ...COMMON, kind: 'call', id, graph, params: {}, ...patch };
}

export function foreach(id: string, graph: string, patch: Partial<ForeachNode> = {}): ForeachNode {
  return {
    ...COMMON,
    kind: 'foreach',
    id,
    graph,
    items: { type: 'list', items: [] },
    as: 'item',
    maxParallel: 1,
    completeWhen: 'all',
    onMemberFailure: 'fail',
    memberRetries: 0,
    ...patch,
  };
}

export function group(id: string, graph: string, patch: Partial<GroupNode> = {}): GroupNode {
  return {
    ...COMMON,
    kind: 'group',
    id,
    graph,
    maxParallel: null,
    completeWhen: 'all',
    onMemberFailure: 'fail',
    ...patch,
  };
}

export function aPolicy(patch: Partial<ApprovalPolicy> = {}): ApprovalPolicy {
  return {
    when: 'after',
    prompt: null,
    approvers: { role: 'write', teams: [], users: [], count: 1 },
    revise: null,
    expireMs: null,
    batch: false,
    selfApprove: 'allow',
    ...patch,
  };
}

/** `edge('a -> b')`, with a condition if it has one. */
export function edge(way: string, when: Condition = { type: 'always' }): Edge {
  const [from = '', to = ''] = way.split(' -> ');
  return { id: way, from, to, when };
}

/** One edge after the other: `chain('a', 'b', 'c')`. */
export function chain(...ids: readonly string[]): Edge[] {
  return ids.slice(1).map((id, at) => edge(`${ids[at]} -> ${id}`));
}

export function on(...outcomes: readonly Outcome[]): Condition {
  return { type: 'outcome', is: outcomes };
}

/** `loop('fix: test -> build')`, taken when the answer is `revise` unless the patch says else. */
export function loop(way: string, patch: Partial<Loop> = {}): Loop {
  const [id = '', path = ''] = way.split(': ');
  const [from = '', to = ''] = path.split(' -> ');
  return {
    id,
    from,
    to,
    trigger: on('revise'),
    max: 3,
    cooldownMs: 0,
    costCeilingUsd: null,
    stopOnNoProgress: true,
    onExhaust: 'escalate',
    workspace: 'keep',
    ...patch,
  };
}

export interface GraphParts extends Partial<Omit<Graph, 'nodes'>> {
  readonly nodes: readonly PlanNode[];
}

function aGraph(id: string, parts: GraphParts): Graph {
  return { id, mode: 'graph', edges: [], loops: [], returns: null, maxParallel: null, ...parts };
}

export interface PlanParts extends GraphParts {
  readonly policies?: Partial<Policies>;
  readonly graphs?: Readonly<Record<string, GraphParts>>;
}

export function aPlan({ policies, graphs, ...main }: PlanParts): Plan {
  const others = Object.entries(graphs ?? {}).map(([id, parts]) => [id, aGraph(id, parts)]);
  return {
    version: 1,
    name: 'test',
    description: '',
    dialect: 'native',
    main: 'main',
    graphs: { ...Object.fromEntries(others), main: aGraph('main', main) },
    personas: {},
    policies: { ...POLICIES, ...policies },
    source: { origin: 'built-in', path: 'test.yaml', commit: null, digest: 'sha256:0' },
  };
}

const POLICIES: Policies = {
  params: {},
  budget: null,
  caps: { visitsPerNode: 10, steps: 1_000, tokens: null, usd: null, wallMs: null },
  maxParallel: null,
  onFailure: 'drain',
  autonomy: 'supervised',
  reliability: null,
  evalGate: null,
  escalation: null,
  consentLifetimeMs: 3 * 3_600_000,
};
