import {
  outputsHandedTo,
  type VisibleOutput,
  visibleOutputs,
} from '../../engine/read/visible-outputs.ts';
import { nodeAt } from '../../engine/state/node-at.ts';
import type { Json } from '../../plan/json.ts';
import type { Visibility } from '../../plan/plan.ts';
import { type Output, readOutputs } from '../../store/outputs.ts';
import type { Attempt } from '../attempt.ts';
import type { StepDeps } from '../step-deps.ts';
import { composeText } from './compose-text.ts';
import { asShown, maskData, unlessHidden, visibilityAt } from './mask-data.ts';

/** An output a step may see, as stored; nothing is cut yet. */
export interface SeenOutput {
  readonly name: string;
  /** Key of the node that produced it. */
  readonly node: string;
  /** What was said; if by several steps, by those that let themselves be seen. */
  readonly text: string;
  /** For the engine and its functions, whatever prompts may show of it. */
  readonly data: Json;
  /** For prompts, as each step lets it be seen. */
  readonly shown: Json;
  /** For whoever fetches it: without what is shown to nobody. */
  readonly fetched: Json;
  /** What the output is composed of; empty if a single step said it. */
  readonly parts: readonly SeenOutput[];
  readonly size: number;
  /** How much of it the step that produced it shows to others. */
  readonly visibility: Visibility;
  /** Budget: no prompt shows more characters of it. */
  readonly cutTo: number | null;
}

/** Every output the step may see, read now. What several steps made together is composed here. */
export async function readVisible(
  deps: StepDeps,
  attempt: Attempt,
): Promise<readonly SeenOutput[]> {
  const { stored, node } = attempt;
  return read(deps, attempt, visibleOutputs(stored.plan, stored.run, node));
}

/** Outputs of steps that hand something over to this one by name, even those it may not see as a whole. */
export async function readHandedTo(
  deps: StepDeps,
  attempt: Attempt,
): Promise<readonly SeenOutput[]> {
  const { stored, node } = attempt;
  return read(deps, attempt, outputsHandedTo(stored.plan, stored.run, node));
}

async function read(
  deps: StepDeps,
  { stored }: Attempt,
  visible: readonly VisibleOutput[],
): Promise<readonly SeenOutput[]> {
  if (visible.length === 0) return [];
  const rows = await readOutputs(deps.runs.db, stored.run.id, visible.flatMap(withParts));
  const byPlace = new Map(rows.map((row) => [placeOf(row), row]));
  return visible.map((ref) => seen(stored, ref, byPlace));
}

function withParts(output: VisibleOutput): { node: string; visit: number }[] {
  const { node, visit } = output;
  return [{ node, visit }, ...output.parts.flatMap(withParts)];
}

function seen(
  { plan, run }: Pick<Attempt['stored'], 'plan' | 'run'>,
  ref: VisibleOutput,
  rows: ReadonlyMap<string, Output>,
): SeenOutput {
  const at = nodeAt(plan, run, ref.node);
  const row = ref.empty ? undefined : rows.get(placeOf(ref));
  const parts = row === undefined ? ref.parts.map((part) => seen({ plan, run }, part, rows)) : [];
  const said = row?.text ?? composeText(parts, ({ text }) => text);
  const isSilent = row === undefined && said === '' && !ref.empty;
  const text = isSilent ? (at?.state.result?.headline ?? '') : said;
  const data = row === undefined ? (at?.state.result?.data ?? null) : row.data;
  return {
    name: ref.name,
    node: ref.node,
    text,
    data,
    shown: maskData({ plan, run }, ref.node, data, asShown),
    fetched: maskData({ plan, run }, ref.node, data, unlessHidden),
    parts,
    size: row?.size ?? text.length,
    visibility: visibilityAt({ plan, run }, ref.node),
    cutTo: ref.cutTo,
  };
}

function placeOf({ node, visit }: { readonly node: string; readonly visit: number }): string {
  return `${node}@${visit}`;
}
