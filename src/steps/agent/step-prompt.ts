import { openItemsFor } from '../../engine/read/open-items.ts';
import { nodeAt } from '../../engine/state/node-at.ts';
import type { Json } from '../../plan/json.ts';
import { ofKind } from '../../plan/kinds.ts';
import { readPath } from '../../plan/read-path.ts';
import type { RenderedPrompt } from '../../render/prompt/prompt.ts';
import { renderPrompt } from '../../render/prompt/prompt.ts';
import { renderStepSections, type StepFacts } from '../../render/prompt/step-sections.ts';
import { findLastDetail } from '../../store/last-transition.ts';
import { readOutputs } from '../../store/outputs.ts';
import type { Attempt } from '../attempt.ts';
import { readHandedTo, type SeenOutput } from '../outputs/read-visible.ts';
import { type PromptMaterial, promptMaterial } from '../prompt-for.ts';
import type { StepDeps } from '../step-deps.ts';

export type StepPrompt =
  | {
      readonly ok: true;
      readonly system: string;
      readonly prompt: string;
      readonly material: PromptMaterial;
    }
  | Extract<RenderedPrompt, { ok: false }>;

/** The author's prompt plus everything the engine has to add for this attempt. */
export async function stepPrompt(
  deps: StepDeps,
  attempt: Attempt,
  mayAsk: boolean,
): Promise<StepPrompt> {
  const material = await promptMaterial(deps, attempt);
  const rendered = renderPrompt(material.input);
  if (!rendered.ok) return rendered;
  const facts = {
    lastFailure: await lastFailure(deps, attempt),
    sentBack: await sentBack(deps, attempt),
    handedOver: handedOver(attempt, await handing(deps, attempt, material), rendered.prompt),
    openItems: openItemsFor(attempt.stored.plan, attempt.stored.run, attempt.node),
    mayResolve: hasResult(attempt),
    mayAsk,
  };
  const sections = renderStepSections(facts, rendered.prompt);
  const prompt = sections === '' ? rendered.prompt : `${rendered.prompt}\n\n${sections}`;
  return { ok: true, system: rendered.system, prompt, material };
}

/** Only a structured answer can name what it has settled. */
function hasResult({ stored, node }: Attempt): boolean {
  const found = nodeAt(stored.plan, stored.run, node)?.node;
  return (ofKind(found, 'agent')?.result ?? null) !== null;
}

/** A repeated attempt is told what was wrong with the previous one. */
async function lastFailure(deps: StepDeps, attempt: Attempt): Promise<string | null> {
  if (attempt.attempt === 1) return null;
  const { node, visit, stored } = attempt;
  return findLastDetail(deps.runs.db, stored.run.id, { node, visit, kind: 'retry' });
}

/** The answer a loop came back from is no longer a visible output, but this step must know it. */
async function sentBack(deps: StepDeps, { stored, node }: Attempt): Promise<StepFacts['sentBack']> {
  const source = nodeAt(stored.plan, stored.run, node)?.state.loopContext?.source;
  if (source === undefined) return null;
  const [output] = await readOutputs(deps.runs.db, stored.run.id, [source]);
  if (output === undefined) return null;
  return { by: source.node, own: source.node === node, text: output.text };
}

/** What is meant for this very step is included whether or not its `inputs` name it. */
async function handing(
  deps: StepDeps,
  attempt: Attempt,
  { seen }: PromptMaterial,
): Promise<readonly SeenOutput[]> {
  const known = new Set(seen.map(({ node }) => node));
  const more = await readHandedTo(deps, attempt);
  return [...seen, ...more.filter(({ node }) => !known.has(node))];
}

/** Items handed over by earlier steps, unless the prompt already shows them. */
function handedOver(
  { stored, node }: Attempt,
  seen: readonly SeenOutput[],
  prompt: string,
): { name: string; text: string }[] {
  const id = nodeAt(stored.plan, stored.run, node)?.node.id;
  return seen.flatMap((output) => {
    const from = ofKind(nodeAt(stored.plan, stored.run, output.node)?.node, 'agent');
    if (from === null) return [];
    return from.handoffs
      .filter(({ to }) => to === null || to === id)
      .flatMap(({ name }) => {
        const text = textOf(readPath(output.data, name) ?? null);
        if (text === '' || prompt.includes(text)) return [];
        return [{ name: `${output.name}.${name}`, text }];
      });
  });
}

function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
