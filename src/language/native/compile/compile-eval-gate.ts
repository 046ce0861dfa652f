import type { AutoNode, Edge, EvalGateSpec, Graph } from '../../../plan/plan.ts';
import type { Workflow } from '../schema/workflow.ts';

type EvalGate = NonNullable<Workflow['eval_gate']>;

/**
 * The graph with a last step that compares the run with earlier ones. It comes after every step
 * that may be the last one: those nothing follows, and those that may lead nowhere.
 */
export function compileEvalGate(graph: Graph, gate: EvalGate | undefined): Graph {
  if (gate === undefined || !gate.enabled) return graph;
  const node = nodeFor(freeId(graph), specOf(gate));
  const edges = graph.nodes
    .filter(({ id, finally: isFinaliser }) => !isFinaliser && mayBeLast(graph, id))
    .map(({ id }): Edge => {
      const to = node.id;
      return { id: `${id}->${to}`, from: id, to, when: { type: 'always' } };
    });
  return { ...graph, nodes: [...graph.nodes, node], edges: [...graph.edges, ...edges] };
}

function mayBeLast({ nodes, edges }: Graph, id: string): boolean {
  const finalisers = new Set(nodes.filter((node) => node.finally).map((node) => node.id));
  return !edges.some(
    ({ from, to, when }) => from === id && when.type === 'always' && !finalisers.has(to),
  );
}

function freeId({ nodes }: Graph): string {
  const taken = new Set(nodes.map(({ id }) => id));
  let id = 'eval-gate';
  for (let nth = 2; taken.has(id); nth += 1) id = `eval-gate-${nth}`;
  return id;
}

function specOf(gate: EvalGate): EvalGateSpec {
  return {
    minBaselineRuns: gate.min_baseline_runs,
    baselineWindow: gate.baseline_window,
    warnThreshold: gate.warn_threshold,
    blockThreshold: gate.block_threshold,
    insufficientBaseline: gate.insufficient_baseline,
    mode: gate.mode ?? 'fail-open',
    thresholds: gate.thresholds ?? {},
  };
}

function nodeFor(id: string, evalGate: EvalGateSpec): AutoNode {
  return {
    kind: 'auto',
    id,
    title: 'Compare with earlier runs',
    join: 'all',
    disposition: 'required',
    workspace: 'none',
    when: null,
    approval: null,
    consent: null,
    retries: 0,
    timeoutMs: null,
    output: null,
    inputs: [],
    requiredInputs: [],
    requires: [],
    finally: false,
    once: false,
    stopPoint: false,
    risky: false,
    budget: null,
    line: null,
    run: null,
    callable: null,
    result: null,
    evalGate,
  };
}
