import { newFrame } from '../../engine/state/new-frame.ts';
import { graphOf, newRun } from '../../engine/state/new-run.ts';
import { frameIdFor } from '../../engine/state/node-key.ts';
import type { Frame, FrameId, NodeResult, NodeState, Run } from '../../engine/state/run.ts';
import type { Json, JsonObject } from '../../plan/json.ts';
import { isComposite, ofKind } from '../../plan/kinds.ts';
import type { ForeachNode, Plan, PlanNode } from '../../plan/plan.ts';
import { sampleOf } from './sample.ts';

/**
 * A run in which every step is done and nothing was said: the basis for rendering prompts before
 * there is a run. A foreach has one member.
 */
export function previewRun(plan: Plan, params: JsonObject): Run {
  const run = newRun({ id: 'preview', plan, starter: '', params, headSha: null });
  const frames: Record<FrameId, Frame> = {};
  const open = (id: FrameId, frame: Frame, depth: number): void => {
    const { nodes } = graphOf(plan, frame.graph);
    const states = nodes.map((node) => [node.id, doneState(node, frame)] as const);
    frames[id] = { ...frame, nodes: Object.fromEntries(states) };
    for (const node of depth > MAX_DEPTH ? [] : nodes) {
      if (!isComposite(node)) continue;
      const key = id + node.id;
      const foreach = ofKind(node, 'foreach');
      const index = foreach === null ? null : 0;
      const origin = {
        parent: key,
        parentVisit: 1,
        index,
        item: foreach === null ? null : sampleItem(foreach),
        params: ofKind(node, 'call')?.params ?? {},
        tries: 0,
      };
      open(frameIdFor(key, index), newFrame(graphOf(plan, node.graph), origin, null), depth + 1);
    }
  };
  const root = run.frames[''];
  if (root !== undefined) open('', root, 0);
  return { ...run, status: 'running', frames };
}

const MAX_DEPTH = 16;

function doneState(node: PlanNode, frame: Frame): NodeState {
  const idle = frame.nodes[node.id];
  if (idle === undefined) throw new TypeError(`The frame has no node ${node.id}.`);
  const foreach = ofKind(node, 'foreach');
  const items = foreach === null ? null : [sampleItem(foreach)];
  return { ...idle, status: 'completed', result: resultOf(node), items };
}

function resultOf(node: PlanNode): NodeResult {
  const contract = 'result' in node ? node.result : null;
  return {
    outcome: 'ok',
    statusRaw: null,
    data: contract === null ? null : sampleOf(contract.schema, node.output ?? node.id),
    headline: '',
    digest: null,
    size: 0,
    openItems: [],
    resolvedItems: [],
    notes: [],
    warnings: [],
    debts: [],
    fingerprint: null,
    cutTo: null,
  };
}

function sampleItem({ items, as }: ForeachNode): Json {
  const first = items.type === 'list' ? items.items[0] : undefined;
  return first ?? `[${as}]`;
}
