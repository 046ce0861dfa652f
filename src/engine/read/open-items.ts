import type { Plan, PlanNode } from '../../plan/plan.ts';
import type { Draft } from '../state/draft.ts';
import { gatesOfKind } from '../state/gates.ts';
import { ancestorsOf } from '../state/graph-index.ts';
import { ROOT, splitKey } from '../state/node-key.ts';
import type { Frame, FrameId, Gate, NodeKey, NodeState, OpenItem, Run } from '../state/run.ts';
import type { View } from '../state/view.ts';
import { frameIndex, framesOf, viewOf } from '../state/view.ts';

/** Conditions of earlier approvals that nobody has settled or accepted yet. */
export function openItemsOf(plan: Plan, run: Run): OpenItem[] {
  const view = viewOf(plan, run);
  return openAmong(view, run.gates, itemsIn(view, ROOT));
}

/** The open ones from steps before the node, in its own list and in the ones around it. */
export function openItemsFor(plan: Plan, run: Run, key: NodeKey): OpenItem[] {
  return openItemsBefore(viewOf(plan, run), run.gates, key);
}

export function openItemsBefore(view: View, gates: readonly Gate[], key: NodeKey): OpenItem[] {
  return openAmong(view, gates, upstreamItems(view, key));
}

/** Which open items an answer says it has settled, each named by id or word for word. */
export function settledBy(draft: Draft, said: readonly string[]): readonly string[] {
  if (said.length === 0) return [];
  const names = new Set(said.map(plain));
  return openAmong(draft, draft.run.gates, itemsIn(draft, ROOT))
    .filter(({ id, text }) =>
      [id, text, `[${id}]`, `[${id}] ${text}`].some((name) => names.has(plain(name))),
    )
    .map(({ id }) => id);
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

function openAmong(view: View, gates: readonly Gate[], items: readonly OpenItem[]): OpenItem[] {
  if (items.length === 0) return [];
  const closed = new Set([...settledIn(view), ...acceptedAt(gates)]);
  return items.filter(({ id }) => !closed.has(id));
}

/** Open items that people accepted as they are. */
function acceptedAt(gates: readonly Gate[]): string[] {
  return gatesOfKind({ gates }, 'open-items')
    .filter((gate) => gate.decision?.verdict === 'approve')
    .flatMap((gate) => (gate.openItems ?? []).map(({ id }) => id));
}

function settledIn(view: View): string[] {
  return standing(view, ROOT, () => true).flatMap(({ state }) => state.result?.resolvedItems ?? []);
}

function upstreamItems(view: View, key: NodeKey): OpenItem[] {
  const { frame: frameId, id } = splitKey(key);
  const frame = view.frames[frameId];
  if (frame === undefined) return [];
  const index = frameIndex(view, frame);
  const isAnywhere = index.graph.mode === 'state-machine' || index.nodes.get(id)?.finally === true;
  const before = ancestorsOf(index, id);
  const isBefore = (node: PlanNode): boolean =>
    node.id !== id && (isAnywhere || before.has(node.id));
  const outside = frame.parent === null ? [] : upstreamItems(view, frame.parent);
  return [...outside, ...itemsIn(view, frameId, isBefore)];
}

function itemsIn(
  view: View,
  frame: FrameId,
  wanted: (node: PlanNode) => boolean = () => true,
): OpenItem[] {
  return standing(view, frame, wanted).flatMap(({ key, state }) =>
    (state.result?.openItems ?? []).map((text, index) => ({
      id: `${key}@${state.visit}#${index + 1}`,
      node: key,
      text,
    })),
  );
}

interface Standing {
  readonly key: NodeKey;
  readonly state: NodeState;
}

/** What a failed or abandoned member did is not asked about. */
function isStanding({ status }: Frame): boolean {
  return status !== 'failed' && status !== 'cancelled';
}

/** Completed nodes of a frame and of the frames inside, in plan order; what a loop took back is left out. */
function standing(view: View, frameId: FrameId, wanted: (node: PlanNode) => boolean): Standing[] {
  const frame = view.frames[frameId];
  if (frame === undefined) return [];
  return frameIndex(view, frame)
    .graph.nodes.filter(wanted)
    .flatMap((node) => {
      const state = frame.nodes[node.id];
      if (state === undefined) return [];
      const key = frameId + node.id;
      const inside = framesOf(view, key, node, state)
        .filter((inner) => isStanding(inner.frame))
        .flatMap(({ id }) => standing(view, id, () => true));
      return state.status === 'completed' ? [{ key, state }, ...inside] : inside;
    });
}
