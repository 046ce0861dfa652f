import { returnsOf } from '../../engine/read/visible-outputs.ts';
import { nodeAt } from '../../engine/state/node-at.ts';
import { frameIdFor } from '../../engine/state/node-key.ts';
import type { NodeKey, Run } from '../../engine/state/run.ts';
import { viewOf } from '../../engine/state/view.ts';
import { isObject, type Json, type JsonObject } from '../../plan/json.ts';
import { ofKind } from '../../plan/kinds.ts';
import type { NodeKind, Plan, Visibility } from '../../plan/plan.ts';

/** What remains of one step's result. */
export type Mask = (data: Json, visibility: Visibility) => Json;

const OPEN: Visibility = { mode: 'full', include: [], exclude: [] };

/** What may be fetched: everything except what is shown to nobody. */
export const unlessHidden: Mask = (data, { mode }) => (mode === 'none' ? null : data);

/** What prompts contain: for a summary, the chosen fields. */
export const asShown: Mask = (data, visibility) => {
  const { mode, include, exclude } = visibility;
  if (mode !== 'summary' || !isObject(data)) return unlessHidden(data, visibility);
  return Object.fromEntries(
    Object.entries(data).filter(
      ([key]) => (include.length === 0 || include.includes(key)) && !exclude.includes(key),
    ),
  );
};

interface Where {
  readonly plan: Plan;
  readonly run: Run;
}

/** A node's data; for a composite node, each part as its own step lets it be seen. */
export function maskData(where: Where, key: NodeKey, data: Json, mask: Mask): Json {
  const node = nodeAt(where.plan, where.run, key)?.node;
  const parts = node === undefined ? null : PARTS[node.kind];
  return parts?.(where, key, data, mask) ?? mask(data, visibilityAt(where, key));
}

type MaskParts = (where: Where, key: NodeKey, data: Json, mask: Mask) => Json | null;

/** How each kind of node's answer is composed of others' answers; null if it is not. */
const PARTS: Readonly<Record<NodeKind, MaskParts | null>> = {
  agent: null,
  auto: null,
  gate: null,
  approval: null,
  noop: null,
  call: (where, key, data, mask) => maskReturns(where, frameIdFor(key, null), data, mask),
  group: (where, key, data, mask) => {
    const members = isObject(data) ? data['members'] : undefined;
    if (!isObject(data) || !isObject(members)) return null;
    return { ...data, members: maskMembers(where, key, members, mask) };
  },
  foreach: (where, key, data, mask) => {
    const members = isObject(data) ? data['members'] : undefined;
    if (!isObject(data) || !Array.isArray(members)) return null;
    return { ...data, members: members.map((one: Json) => maskItem(where, key, one, mask)) };
  },
};

export function visibilityAt({ plan, run }: Where, key: NodeKey): Visibility {
  const node = nodeAt(plan, run, key)?.node;
  return ofKind(node, 'agent')?.visibility ?? OPEN;
}

function maskMembers(where: Where, group: NodeKey, members: JsonObject, mask: Mask): JsonObject {
  const frame = frameIdFor(group, null);
  return Object.fromEntries(
    Object.entries(members).map(([id, member]) => [
      id,
      maskMember(where, frame + id, member, mask),
    ]),
  );
}

/** The first words of an answer are no more visible than the answer itself. */
function maskMember(where: Where, key: NodeKey, member: Json, mask: Mask): Json {
  if (!isObject(member)) return member;
  const { headline, data, ...rest } = member;
  const { mode } = visibilityAt(where, key);
  const isOpen = mode === 'full' || mode === 'auto';
  return {
    ...rest,
    ...(headline !== undefined && isOpen && { headline }),
    ...(data !== undefined && { data: maskData(where, key, data, mask) }),
  };
}

function maskItem(where: Where, foreach: NodeKey, member: Json, mask: Mask): Json {
  if (!isObject(member) || typeof member['index'] !== 'number') return member;
  const { data, index } = member;
  if (data === undefined) return member;
  return { ...member, data: maskReturns(where, frameIdFor(foreach, index), data, mask) };
}

function maskReturns(where: Where, frame: string, data: Json, mask: Mask): Json {
  if (!isObject(data)) return data;
  const keys = new Map(
    returnsOf(viewOf(where.plan, where.run), frame).map(({ name, node }) => [name, node]),
  );
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const key = keys.get(name);
      return [name, key === undefined ? value : maskData(where, key, value, mask)];
    }),
  );
}
