import type { AgentOutcome, AgentTool } from '../../agents/agent.ts';
import { nodeAt } from '../../engine/state/node-at.ts';
import type { Usage } from '../../engine/state/run.ts';
import type { AgentNode } from '../../plan/plan.ts';
import { renderLostSession } from '../../render/prompt/step-sections.ts';
import { readOutputs } from '../../store/outputs.ts';
import type { Attempt } from '../attempt.ts';
import type { NodeTree } from '../node-tree.ts';
import type { StepDeps } from '../step-deps.ts';
import { commandJudge } from './command-rules.ts';
import type { RefusedCommands } from './refused-commands.ts';
import { SilenceWatch } from './silence-watch.ts';

/** One step's side of a conversation with its agent. */
export interface Speaker {
  readonly deps: StepDeps;
  readonly attempt: Attempt;
  readonly node: AgentNode;
  readonly tree: NodeTree;
  readonly system: string;
  readonly tools: readonly AgentTool[];
  readonly refused: RefusedCommands;
}

export interface Utterance {
  readonly prompt: string;
  /** Said instead when the session cannot be continued; absent if the same is said. */
  readonly freshPrompt?: string;
  readonly resume: string | undefined;
  readonly timeoutMs: number;
  /** Already spent by this attempt. */
  readonly spent: Usage;
}

/** Key of the conversation a step shares or continues; null if it always begins a new one. */
export function conversationKey({ deps, attempt, node }: Speaker): string | null {
  if (node.execution === 'main') return `main/${node.agent ?? deps.defaultAgent}`;
  return node.session === 'continue' ? `step/${attempt.node}` : null;
}

/** Prompts the agent once. A lost session is replaced by a new one that is told what was said. */
export async function speak(speaker: Speaker, utterance: Utterance): Promise<AgentOutcome> {
  const { prompt, freshPrompt = prompt, resume } = utterance;
  if (resume === undefined) return ask(speaker, utterance, freshPrompt, undefined);
  const outcome = await ask(speaker, utterance, prompt, resume);
  const isLost = outcome.status === 'failed' && outcome.failure.reason === 'session-lost';
  if (!isLost) return outcome;
  const lost = await lostPart(speaker);
  return ask(
    speaker,
    utterance,
    lost === '' ? freshPrompt : `${lost}\n\n${freshPrompt}`,
    undefined,
  );
}

async function ask(
  speaker: Speaker,
  utterance: Utterance,
  prompt: string,
  resume: string | undefined,
): Promise<AgentOutcome> {
  const watch = new SilenceWatch(speaker.deps, speaker.attempt);
  try {
    return await listen(speaker, utterance, { prompt, resume, onSign: () => watch.sign() });
  } finally {
    await watch.end();
  }
}

async function listen(
  { deps, attempt, node, tree, system, tools, refused }: Speaker,
  { timeoutMs, spent }: Utterance,
  { prompt, resume, onSign }: { prompt: string; resume: string | undefined; onSign: () => void },
): Promise<AgentOutcome> {
  const mayRun = commandJudge(node);
  return deps.agents.run({
    agent: node.agent ?? deps.defaultAgent,
    runId: attempt.stored.run.id,
    stepId: attempt.node,
    cwd: tree.worktree.path,
    readonlyPaths: [tree.worktree.mirror],
    access: node.access,
    ...(mayRun !== null && { mayRun: refused.heed(mayRun) }),
    prompt,
    systemPrompt: system,
    ...(node.model !== null && { model: node.model }),
    ...(node.effort !== null && { effort: node.effort }),
    ...(node.result !== null && { resultSchema: node.result.schema }),
    ...(resume !== undefined && { resume: { sessionId: resume } }),
    tools,
    limits: { timeoutMs, ...spendingLimits(attempt, node, spent) },
    signal: attempt.signal,
    onSign,
  });
}

/** A hard limit stops the agent midway; one that pauses or only alerts is checked afterwards. */
function spendingLimits(
  { stored, node: key }: Attempt,
  { budget }: AgentNode,
  spent: Usage,
): { maxTokens?: number; maxCostUsd?: number } {
  const { caps } = stored.plan.policies;
  const { usage, base } = stored.run.counters;
  const own = budget?.onExceed === 'stop' ? budget : null;
  const before = nodeAt(stored.plan, stored.run, key)?.state.usage ?? spent;
  const tokens = [
    left(own?.maxTokens ?? null, tokensOf(before), tokensOf(spent)),
    left(caps.tokens, tokensOf(usage) - tokensOf(base.usage), tokensOf(spent)),
  ].filter((limit) => limit !== null);
  const usd = [
    left(own?.maxUsd ?? null, before.usd ?? 0, spent.usd ?? 0),
    left(caps.usd, (usage.usd ?? 0) - (base.usage.usd ?? 0), spent.usd ?? 0),
  ].filter((limit) => limit !== null);
  return {
    ...(tokens.length > 0 && { maxTokens: Math.max(1, Math.min(...tokens)) }),
    ...(usd.length > 0 && { maxCostUsd: Math.max(0.000_001, Math.min(...usd)) }),
  };
}

function left(limit: number | null, before: number, now: number): number | null {
  return limit === null ? null : limit - before - now;
}

function tokensOf({ inputTokens, outputTokens }: Usage): number {
  return inputTokens + outputTokens;
}

/** What the lost session knew and a new one must be told. */
async function lostPart({ deps, attempt, node }: Speaker): Promise<string> {
  const { stored, visit } = attempt;
  const background = stored.plan.instructions?.trim() ?? '';
  if (node.session !== 'continue' || visit === 1) return renderLostSession('', background);
  const [earlier] = await readOutputs(deps.runs.db, stored.run.id, [
    { node: attempt.node, visit: visit - 1 },
  ]);
  return renderLostSession(earlier?.text ?? '', background);
}
