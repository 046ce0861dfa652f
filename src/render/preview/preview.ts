import { approvalOf, DEFAULT_POLICY } from '../../engine/state/approval-policy.ts';
import { graphOf, newRun } from '../../engine/state/new-run.ts';
import type { Run } from '../../engine/state/run.ts';
import type { RunContext } from '../../engine/state/run-context.ts';
import type { Json, JsonObject } from '../../plan/json.ts';
import { kindOf, ofKind } from '../../plan/kinds.ts';
import type { Access, ApprovalPolicy, Graph, Loop, Plan, PlanNode } from '../../plan/plan.ts';
import { renderDiagram } from '../comment/diagram.ts';
import { conditionText } from './condition-text.ts';
import { type PreviewRequest, previewPrompt } from './preview-prompt.ts';
import { previewRun } from './preview-run.ts';

/** What a run of a plan will be like, as far as that can be known beforehand. */
export interface Preview {
  readonly name: string;
  readonly description: string;
  /** Mermaid; null if too large to draw. */
  readonly diagram: string | null;
  /** Ids of the main graph: what may run side by side, layer by layer. */
  readonly layers: readonly (readonly string[])[];
  /** Ids of the main graph: what runs when everything else is over. */
  readonly finalisers: readonly string[];
  readonly steps: readonly PreviewStep[];
  readonly loops: readonly PreviewLoop[];
  /** Tokens of all prompts together, each sent once, without what earlier steps will have said. */
  readonly tokens: number;
}

export interface PreviewStep {
  readonly key: string;
  readonly kind: PlanNode['kind'];
  readonly persona: string | null;
  readonly agent: string | null;
  readonly model: string | null;
  /** `main`: it continues the run's own conversation. */
  readonly execution: 'main' | 'subagent' | null;
  /** What it may do in the worktree; null if it has none. */
  readonly access: Access | null;
  readonly after: readonly string[];
  readonly when: string | null;
  readonly gates: readonly PreviewGate[];
  readonly prompt: string | null;
  readonly system: string | null;
  /** Why the prompt cannot be rendered. */
  readonly problem: string | null;
  readonly tokens: number;
}

export interface PreviewGate {
  readonly moment: 'before' | 'after' | 'if items are open';
  readonly question: string | null;
  readonly approvers: ApprovalPolicy['approvers'];
  readonly reviseTo: string | null;
}

export interface PreviewLoop {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly when: string;
  readonly max: number;
}

export interface PreviewOptions {
  readonly context: RunContext;
  readonly params: JsonObject;
}

/** A token is about four characters of English or code. */
const CHARACTERS_PER_TOKEN = 4;

export function previewPlan(plan: Plan, { context, params }: PreviewOptions): Preview {
  const run = previewRun(plan, { ...sampleParams(plan), ...params });
  const request = { plan, run, context };
  const steps = Object.entries(run.frames).flatMap(([frame, { graph }]) =>
    graphOf(plan, graph).nodes.map((node) => stepOf(request, frame, graphOf(plan, graph), node)),
  );
  const main = graphOf(plan, plan.main);
  return {
    name: plan.name,
    description: plan.description,
    diagram: renderDiagram(plan, waiting(plan)),
    layers: layersOf(main),
    finalisers: main.nodes.filter((node) => node.finally).map(({ id }) => id),
    steps,
    loops: Object.values(run.frames).flatMap(({ graph }) => graphOf(plan, graph).loops.map(loopOf)),
    tokens: steps.reduce((total, { tokens }) => total + tokens, 0),
  };
}

function waiting(plan: Plan): Run {
  return newRun({ id: 'preview', plan, starter: '', params: {}, headSha: null });
}

function sampleParams({ policies }: Plan): JsonObject {
  const entries = Object.entries(policies.params).map(([name, spec]): [string, Json] => [
    name,
    spec.default ?? spec.choices?.[0] ?? `[params.${name}]`,
  ]);
  return Object.fromEntries(entries);
}

function stepOf(request: PreviewRequest, frame: string, graph: Graph, node: PlanNode): PreviewStep {
  const key = frame + node.id;
  const agent = ofKind(node, 'agent');
  const rendered = agent === null ? null : previewPrompt(request, key, agent);
  const prompt = rendered?.ok === true ? rendered.prompt : null;
  const system = rendered?.ok === true ? rendered.system : null;
  const characters = (prompt?.length ?? 0) + (system?.length ?? 0);
  return {
    key,
    kind: node.kind,
    persona: agent?.persona ?? null,
    agent: agent?.agent ?? null,
    model: agent?.model ?? null,
    execution: agent?.execution ?? null,
    access: accessOf(node),
    after: graph.edges.filter(({ to }) => to === node.id).map(wayText),
    when: node.when === null ? null : conditionText(node.when),
    gates: gatesOf(request.plan, node),
    prompt,
    system,
    problem: rendered?.ok === false ? rendered.failure.message : null,
    tokens: Math.ceil(characters / CHARACTERS_PER_TOKEN),
  };
}

function accessOf(node: PlanNode): PreviewStep['access'] {
  const agent = ofKind(node, 'agent');
  if (agent !== null) return agent.access;
  if (kindOf(node).worker !== 'machine' || node.workspace === 'none') return null;
  return node.workspace === 'read' ? 'readonly' : 'edit';
}

function wayText({ from, when }: Graph['edges'][number]): string {
  return when.type === 'always' ? from : `${from} if ${conditionText(when)}`;
}

function gatesOf({ policies: { passesStops } }: Plan, node: PlanNode): readonly PreviewGate[] {
  const approval = node.stopPoint && passesStops === true ? null : approvalOf(node);
  const policies = [approval, node.consent].filter((policy) => policy !== null);
  return [
    ...(node.openItems === 'hold' ? [OPEN_ITEMS_GATE] : []),
    ...policies.map(({ when, prompt, approvers, revise }) => ({
      moment: when,
      question: prompt,
      approvers,
      reviseTo: revise === null || revise.max === 0 ? null : revise.to,
    })),
  ];
}

/** Anybody with write access may accept conditions of earlier approvals. */
const OPEN_ITEMS_GATE: PreviewGate = {
  moment: 'if items are open',
  question: null,
  approvers: DEFAULT_POLICY.approvers,
  reviseTo: null,
};
function loopOf({ id, from, to, trigger, max }: Loop): PreviewLoop {
  return { id, from, to, when: conditionText(trigger), max };
}

function layersOf(graph: Graph): readonly (readonly string[])[] {
  const depth = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depth.get(id);
    if (known !== undefined) return known;
    depth.set(id, 0);
    const before = graph.edges.filter(({ to }) => to === id).map(({ from }) => depthOf(from) + 1);
    const own = Math.max(0, ...before);
    depth.set(id, own);
    return own;
  };
  const ids = graph.nodes.filter((node) => !node.finally).map(({ id }) => id);
  const byDepth = Map.groupBy(ids, depthOf);
  return [...byDepth].toSorted(([a], [b]) => a - b).map(([, layer]) => layer);
}
