import assert from 'node:assert/strict';
import { outcomeFor } from '../engine/read/outcome-for.ts';
import type { Failure } from '../engine/state/event.ts';
import { nodeAt } from '../engine/state/node-at.ts';
import type { Outcome } from '../plan/condition.ts';
import { ofKind, writes } from '../plan/kinds.ts';
import type { AgentNode } from '../plan/plan.ts';
import { renderStepHeadline } from '../render/comment/step-headline.ts';
import { factsOf, statusOf } from './agent/answer-facts.ts';
import { cacheKey, readCache, writeCache } from './agent/cache.ts';
import { confidenceOf } from './agent/confidence.ts';
import { type Conversation, converse } from './agent/converse.ts';
import { QuestionTool, roundsLeft } from './agent/question-tool.ts';
import { RefusedCommands } from './agent/refused-commands.ts';
import { type StepPrompt, stepPrompt } from './agent/step-prompt.ts';
import { answered, failed, storedFor, wholeText } from './answer.ts';
import type { Attempt, Executed } from './attempt.ts';
import { type Committed, commitRewind, commitStep, traceOf } from './commit-step.ts';
import { promptRefusal } from './guardrail.ts';
import { type NodeTree, openNodeTree, treeUseOf } from './node-tree.ts';
import { outputTool } from './output-tool.ts';
import { lacksRequirement, missingRequirement } from './requirements.ts';
import type { StepDeps } from './step-deps.ts';

type ReadyPrompt = Extract<StepPrompt, { ok: true }>;

/** Prompts an agent: render, run in the sandbox, check the answer, commit and push its changes. */
export async function executeAgent(deps: StepDeps, attempt: Attempt): Promise<Executed> {
  const { stored, node: key } = attempt;
  const node = ofKind(nodeAt(stored.plan, stored.run, key)?.node, 'agent');
  assert(node !== null);
  const missing = await missingRequirement(deps, attempt, node);
  if (missing !== null) return failed(lacksRequirement(missing));
  const mayAsk = roundsLeft(node, stored.run, key) > 0;
  const prompt = await stepPrompt(deps, attempt, mayAsk);
  if (!prompt.ok) return failed(prompt.failure);
  const blocked = promptRefusal(stored.plan, node, prompt.prompt);
  if (blocked !== null) return failed(blocked);

  const tree = await openNodeTree(deps, attempt, treeUseOf(node));
  const cached = await cacheKey(deps, attempt, node, tree, prompt);
  const kept = cached === null ? null : await readCache(deps, cached);
  if (kept !== null) return reuse(deps, attempt, node, tree, kept);

  const refused = new RefusedCommands();
  const spoken = await talkTo(deps, attempt, { node, tree, prompt, mayAsk, refused });
  const executed =
    spoken.failure === null
      ? await settle(deps, attempt, { node, tree, spoken })
      : failedAfter(deps, attempt, node, spoken, spoken.failure);
  const { text, data } = spoken;
  if (cached !== null && isReusable(executed, spoken)) {
    await writeCache(deps, attempt, cached, { text, data });
  }
  return { ...executed, refusedCommands: refused.told() };
}

interface Work {
  readonly node: AgentNode;
  readonly tree: NodeTree;
}

async function talkTo(
  deps: StepDeps,
  attempt: Attempt,
  {
    node,
    tree,
    prompt,
    mayAsk,
    refused,
  }: Work & { prompt: ReadyPrompt; mayAsk: boolean; refused: RefusedCommands },
): Promise<Conversation> {
  const questions = mayAsk ? new QuestionTool() : null;
  const tools = [outputTool(deps, attempt), ...(questions === null ? [] : [questions])];
  const speaker = { deps, attempt, node, tree, system: prompt.system, tools, refused };
  const { prompt: text, material } = prompt;
  return converse(speaker, { prompt: text, material, questions, now: Date.now });
}

async function settle(
  deps: StepDeps,
  attempt: Attempt,
  { node, tree, spoken }: Work & { spoken: Conversation },
): Promise<Executed> {
  const committed = isKept(node, spoken)
    ? await commit(deps, attempt, { node, tree }, spoken.text)
    : null;
  if (committed?.type === 'refused') {
    return failedAfter(deps, attempt, node, spoken, committed.failure);
  }
  return finished(deps, attempt, node, spoken, committed);
}

/**
 * What an agent leaves behind is no result while it is still asking, when it calls a halt or when
 * it found stubs: nothing is committed, and the next writer begins clean.
 */
function isKept(node: AgentNode, spoken: Conversation): boolean {
  const outcome = outcomeOf(node, spoken);
  return spoken.questions.length === 0 && outcome !== 'halt' && outcome !== 'stub';
}

function outcomeOf({ result }: AgentNode, { data, missingHandoffs }: Conversation): Outcome {
  if (missingHandoffs.length > 0) return 'escalate';
  const raw = statusOf(result, data);
  return raw === null ? 'ok' : (outcomeFor(raw) ?? 'ok');
}

async function commit(
  deps: StepDeps,
  attempt: Attempt,
  { node, tree }: Work,
  text: string,
): Promise<Committed> {
  return writes(node) ? commitStep(deps, attempt, tree, text) : commitRewind(deps, attempt, tree);
}

function finished(
  deps: StepDeps,
  attempt: Attempt,
  node: AgentNode,
  spoken: Conversation,
  committed: Extract<Committed, { type: 'committed' }> | null,
): Executed {
  const { text, data, questions, missingHandoffs } = spoken;
  const raw = statusOf(node.result, data);
  const facts = factsOf(data);
  const changes = committed?.changes.length ?? 0;
  const changed = changes === 0 ? null : changes;
  return answered(
    attempt,
    { name: node.output, at: deps.runs.now() },
    {
      ...facts,
      outcome: outcomeOf(node, spoken),
      statusRaw: raw,
      data,
      text: withExtras(wholeText(text, data), spoken),
      headline: missingHandoffs[0] ?? renderStepHeadline(text, changed),
      ...traceOf(committed),
      warnings: [...facts.warnings, ...(committed?.warnings ?? [])],
      confidence: confidenceOf(attempt.stored.plan.policies.reliability, { text, data }),
      usage: spoken.usage,
      ...(questions.length > 0 && { questions }),
    },
  );
}

/** What people can read later, whatever happens to the branch: the questions, and files written for them. */
function withExtras(text: string, { reports, questions }: Conversation): string {
  const asked = questions.map(({ question, options }, index) => {
    const choices = options.length === 0 ? '' : ` (${options.join(' / ')})`;
    return `${index + 1}. ${question}${choices}`;
  });
  const parts = reports.map(({ path, text: content, truncated, bytes }) => {
    const cut = truncated ? `\n[cut here; the file has ${bytes} bytes]` : '';
    return `## File ${path}\n\n${content}${cut}`;
  });
  const section = asked.length === 0 ? [] : [`## Questions\n\n${asked.join('\n')}`];
  return [text, ...section, ...parts].join('\n\n').trim();
}

/** What an agent said before it failed is kept for whoever looks for the reason. */
function failedAfter(
  deps: StepDeps,
  attempt: Attempt,
  node: AgentNode,
  { text, data, usage }: Conversation,
  why: Failure,
): Executed {
  const whole = wholeText(text, data);
  const about = { name: node.output, at: deps.runs.now(), text: whole, data };
  const output = whole === '' ? null : storedFor(attempt, about);
  return failed(why, { usage, text: whole, output });
}

const REUSED =
  'The answer of an earlier run was used: same prompt, same files, same results before it.';

async function reuse(
  deps: StepDeps,
  attempt: Attempt,
  node: AgentNode,
  tree: NodeTree,
  { text, data }: { text: string; data: Conversation['data'] },
): Promise<Executed> {
  const committed = await commitRewind(deps, attempt, tree);
  if (committed.type === 'refused') return failed(committed.failure);
  const raw = statusOf(node.result, data);
  const facts = factsOf(data);
  const { reliability } = attempt.stored.plan.policies;
  return answered(
    attempt,
    { name: node.output, at: deps.runs.now() },
    {
      ...facts,
      outcome: raw === null ? 'ok' : (outcomeFor(raw) ?? 'ok'),
      statusRaw: raw,
      data,
      text: wholeText(text, data),
      headline: renderStepHeadline(text, null),
      ...traceOf(committed),
      notes: [...facts.notes, REUSED],
      confidence: confidenceOf(reliability, { text, data }),
    },
  );
}

function isReusable({ result }: Executed, { questions, missingHandoffs }: Conversation): boolean {
  return result.status === 'completed' && questions.length === 0 && missingHandoffs.length === 0;
}
