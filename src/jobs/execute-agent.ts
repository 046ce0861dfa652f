import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { AgentOutcome, AgentUsage } from '../agents/agent.ts';
import type { AttemptResult, Failure } from '../engine/event.ts';
import { nodeAt } from '../engine/node-at.ts';
import { outcomeFor } from '../engine/outcome-for.ts';
import type { Usage } from '../engine/run.ts';
import { renderStepHeadline } from '../render/step-headline.ts';
import type { Output } from '../store/outputs.ts';
import type { Json } from '../workflow/json.ts';
import type { AgentNode } from '../workflow/plan.ts';
import type { Worktree } from '../workspace/worktree.ts';
import { type Committed, commitStep } from './commit-step.ts';
import type { Attempt, Executed } from './execute-node.ts';
import type { JobDeps } from './job-deps.ts';
import { outputTool } from './output-tool.ts';
import { promptFor } from './prompt-for.ts';

/** What a step's answer may hold for the conditions of the workflow; more is in the outputs only. */
const MAX_KEPT_DATA = 20_000;
const MAX_CONDITION_TEXT = 50_000;

/** Asks an agent: render, run in the sandbox, check the answer, commit and push what it changed. */
export async function executeAgent(deps: JobDeps, attempt: Attempt): Promise<Executed> {
  const { stored, node: key } = attempt;
  const node = nodeAt(stored.plan, stored.run, key)?.node;
  assert(node?.kind === 'agent');

  const rendered = await promptFor(deps, attempt);
  if (!rendered.ok) return failed(rendered.failure);
  const at = stored.run.headSha ?? stored.context.baseSha;
  const where = { runId: stored.run.id, context: stored.context, at, signal: attempt.signal };
  const writes = node.workspace === 'write';
  const worktree = writes
    ? await deps.worktrees.toWrite({ ...where, startOver: attempt.startOver })
    : await deps.worktrees.toRead(where);

  const outcome = await runAgent(deps, attempt, node, worktree, rendered);
  if (outcome.status !== 'succeeded')
    return failed(failureFor(outcome), usageFor(outcome.usage), outcome.text);
  const problem = contractProblem(node, outcome.result);
  if (problem !== null) return failed(problem, usageFor(outcome.usage), outcome.text);
  if (!writes) return finished(deps, attempt, node, outcome, null);

  const committed = await commitStep(deps, attempt, worktree, outcome.text);
  if (committed.type === 'refused')
    return failed(committed.failure, usageFor(outcome.usage), outcome.text);
  return finished(deps, attempt, node, outcome, committed);
}

async function runAgent(
  deps: JobDeps,
  attempt: Attempt,
  node: AgentNode,
  worktree: Worktree,
  prompt: { readonly system: string; readonly prompt: string },
): Promise<AgentOutcome> {
  const budget = node.budget;
  return deps.agents.run({
    agent: node.agent ?? deps.defaultAgent,
    runId: attempt.stored.run.id,
    stepId: attempt.node,
    cwd: worktree.path,
    readonlyPaths: [worktree.mirror],
    access: node.access,
    prompt: prompt.prompt,
    systemPrompt: prompt.system,
    ...(node.model !== null && { model: node.model }),
    ...(node.effort !== null && { effort: node.effort }),
    ...(node.result !== null && { resultSchema: node.result.schema }),
    tools: [outputTool(deps, attempt)],
    limits: {
      timeoutMs: node.timeoutMs ?? deps.timing.stepTimeoutMs,
      ...(budget?.maxTokens != null && { maxTokens: budget.maxTokens }),
      ...(budget?.maxUsd != null && { maxCostUsd: budget.maxUsd }),
    },
    signal: attempt.signal,
  });
}

function finished(
  deps: JobDeps,
  attempt: Attempt,
  node: AgentNode,
  outcome: Extract<AgentOutcome, { status: 'succeeded' }>,
  committed: Extract<Committed, { type: 'committed' }> | null,
): Executed {
  const { text } = outcome;
  const data = (outcome.result ?? null) as Json;
  const raw = statusOf(node, data);
  const answer = data === null ? text : `${text}\n\n${JSON.stringify(data, null, 2)}`.trim();
  const digest = `sha256:${createHash('sha256').update(answer).digest('hex')}`;
  const size = answer.length;
  const output: Output = {
    node: attempt.node,
    visit: attempt.visit,
    version: 1,
    name: node.output,
    text: answer,
    data,
    digest,
    size,
    author: null,
    createdAt: deps.runs.now(),
  };
  const result: AttemptResult = {
    status: 'completed',
    outcome: raw === null ? 'ok' : (outcomeFor(raw) ?? 'ok'),
    statusRaw: raw,
    data: JSON.stringify(data).length > MAX_KEPT_DATA ? null : data,
    text: answer.slice(0, MAX_CONDITION_TEXT),
    headline: renderStepHeadline(text, committed?.sha == null ? null : committed.changes.length),
    digest,
    size,
    commit: committed?.sha ?? null,
    headSha: committed?.sha ?? null,
    openItems: [],
    notes: [],
    warnings: committed?.warnings ?? [],
    fingerprint: null,
    confidence: null,
    items: null,
    usage: usageFor(outcome.usage),
  };
  return { result, output };
}

/** What the engine routes on has to be there, and a status has to be one of the vocabulary. */
function contractProblem(node: AgentNode, result: unknown): Failure | null {
  if (node.result === null) return null;
  const fields = typeof result === 'object' && result !== null ? result : {};
  const missing = node.result.routingFields.filter((name) => !(name in fields));
  if (missing.length > 0) return invalid(`The result lacks ${missing.join(', ')}.`);
  const raw = statusOf(node, result as Json);
  if (raw === null || outcomeFor(raw) !== undefined) return null;
  return invalid(
    `The result's ${node.result.statusField} is ${JSON.stringify(raw)}, which is no known status.`,
  );
}

function statusOf(node: AgentNode, data: Json): string | null {
  const field = node.result?.statusField ?? null;
  if (field === null || typeof data !== 'object' || data === null || Array.isArray(data))
    return null;
  const value = (data as Record<string, Json>)[field];
  return typeof value === 'string' ? value : value === undefined ? null : JSON.stringify(value);
}

function invalid(message: string): Failure {
  return { class: 'validation', reason: 'invalid-result', message, retryAfterMs: null };
}

function failureFor(outcome: Exclude<AgentOutcome, { status: 'succeeded' }>): Failure {
  if (outcome.status === 'cancelled') {
    return {
      class: 'transient',
      reason: 'cancelled',
      message: 'The agent was stopped.',
      retryAfterMs: null,
    };
  }
  const { failure } = outcome;
  return {
    class: failure.class,
    reason: failure.reason,
    message: failure.message,
    retryAfterMs: failure.retryAfterMs ?? null,
  };
}

function failed(failure: Failure, usage: Usage = NO_USAGE, text = ''): Executed {
  return {
    output: null,
    result: { status: 'failed', failure, usage, text: text.slice(0, MAX_CONDITION_TEXT) },
  };
}

const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, usd: null };

function usageFor(usage: AgentUsage): Usage {
  return { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, usd: usage.costUsd };
}
