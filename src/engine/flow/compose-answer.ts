import type { Json, JsonObject } from '../../plan/json.ts';
import { dataOf, returnsOf } from '../read/visible-outputs.ts';
import type { Draft } from '../state/draft.ts';
import { NO_USAGE } from '../state/idle-node.ts';
import type { Place } from '../state/place.ts';
import type { Frame, NodeState } from '../state/run.ts';
import { framesOf } from '../state/view.ts';
import type { Completed } from './accept-answer.ts';

const MAX_DATA = 20_000;

/** The answer of a composite node; its cost is that of its members. */
export function composedAnswer(
  data: JsonObject,
  headline: string,
  warnings: readonly string[],
): Completed {
  return {
    status: 'completed',
    outcome: 'ok',
    statusRaw: null,
    data,
    text: headline,
    headline,
    digest: null,
    size: 0,
    commit: null,
    headSha: null,
    openItems: [],
    notes: [],
    warnings,
    fingerprint: null,
    confidence: null,
    items: null,
    usage: NO_USAGE,
  };
}

/** What a sub-workflow returns, under the names its caller knows. */
export function callData(draft: Draft, frameId: string): JsonObject {
  return Object.fromEntries(
    returnsOf(draft, frameId).map((output) => [output.name, dataOf(draft, output) ?? null]),
  );
}

/** What each member of a group said, by its id. */
export function groupData(frame: Frame): JsonObject {
  const members = (withData: boolean): JsonObject => ({
    members: Object.fromEntries(
      Object.entries(frame.nodes).map(([id, state]) => [id, memberData(state, withData)]),
    ),
  });
  const full = members(true);
  return JSON.stringify(full).length > MAX_DATA ? members(false) : full;
}

/** How each member of a foreach ended and what it returned, in item order. */
export function foreachData(draft: Draft, place: Place): JsonObject {
  const frames = framesOf(draft, place.key, place.node, draft.node(place));
  const members = (withData: boolean): JsonObject => ({
    members: frames.map(({ id, frame }) => ({
      index: frame.index,
      status: frame.status,
      ...(withData && frame.status === 'completed' ? { data: callData(draft, id) } : {}),
    })),
  });
  const full = members(true);
  return JSON.stringify(full).length > MAX_DATA ? members(false) : full;
}

function memberData(state: NodeState, withData: boolean): Json {
  const { status, result } = state;
  if (result === null) return { status, outcome: null };
  const { outcome, statusRaw, headline, data } = result;
  return { status, outcome, statusRaw, headline, ...(withData ? { data } : {}) };
}
