import { nodeAt } from '../../engine/node-at.ts';
import { type VisibleOutput, visibleOutputs } from '../../engine/visible-outputs.ts';
import { type Output, readOutputs } from '../../store/outputs.ts';
import type { Json } from '../../workflow/json.ts';
import type { Visibility } from '../../workflow/plan.ts';
import type { Attempt } from '../execute-node.ts';
import type { JobDeps } from '../job-deps.ts';

/** An output a step may see, as it was stored; nothing is cut yet. */
export interface SeenOutput {
  readonly name: string;
  /** Key of the node that gave it. */
  readonly node: string;
  readonly text: string;
  readonly data: Json;
  readonly size: number;
  /** How much of it the step that gave it shows to others. */
  readonly visibility: Visibility;
  /** Budget: no prompt shows more characters of it. */
  readonly cutTo: number | null;
  readonly openItems: readonly string[];
}

const OPEN: Visibility = { mode: 'full', include: [], exclude: [] };

/** Every output the step may see, read now. What several steps made together is put together here. */
export async function readVisible(
  deps: JobDeps,
  { stored, node }: Attempt,
): Promise<readonly SeenOutput[]> {
  const visible = visibleOutputs(stored.plan, stored.run, node);
  const rows = await readOutputs(deps.runs.db, stored.run.id, visible.flatMap(withParts));
  const byPlace = new Map(rows.map((row) => [placeOf(row), row]));
  return visible.map((ref) => seen(stored, ref, byPlace));
}

function withParts(output: VisibleOutput): { node: string; visit: number }[] {
  const { node, visit } = output;
  return [{ node, visit }, ...output.parts.flatMap(withParts)];
}

function seen(
  { plan, run }: Attempt['stored'],
  ref: VisibleOutput,
  rows: ReadonlyMap<string, Output>,
): SeenOutput {
  const at = nodeAt(plan, run, ref.node);
  const row = ref.empty ? undefined : rows.get(placeOf(ref));
  const text = row?.text ?? (ref.parts.length === 0 ? '' : textOfParts(ref, rows, 2));
  return {
    name: ref.name,
    node: ref.node,
    text:
      row === undefined && text === '' && !ref.empty ? (at?.state.result?.headline ?? '') : text,
    data: row === undefined ? (at?.state.result?.data ?? null) : row.data,
    size: row?.size ?? text.length,
    visibility: at?.node.kind === 'agent' ? at.node.visibility : OPEN,
    cutTo: ref.cutTo,
    openItems: at?.state.result?.openItems ?? [],
  };
}

const MAX_DEPTH = 6;

/** What the members of a group, foreach or sub-workflow said, under their names. */
function textOfParts(ref: VisibleOutput, rows: ReadonlyMap<string, Output>, level: number): string {
  return ref.parts
    .map((part) => {
      const own = rows.get(placeOf(part))?.text ?? textOfParts(part, rows, level + 1);
      const title = /^\d+$/.test(part.name) ? `Item ${Number(part.name) + 1}` : part.name;
      return `${'#'.repeat(Math.min(level, MAX_DEPTH))} ${title}\n\n${own}`;
    })
    .join('\n\n');
}

function placeOf({ node, visit }: { readonly node: string; readonly visit: number }): string {
  return `${node}@${visit}`;
}
