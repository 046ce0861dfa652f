import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../plan/json.ts';
import { writes } from '../../plan/kinds.ts';
import type { AgentNode } from '../../plan/plan.ts';
import { findCached, saveCached } from '../../store/step-cache.ts';
import type { Attempt } from '../attempt.ts';
import type { NodeTree } from '../node-tree.ts';
import type { SeenOutput } from '../outputs/read-visible.ts';
import type { StepDeps } from '../step-deps.ts';
import type { StepPrompt } from './step-prompt.ts';

export interface CachedAnswer {
  readonly text: string;
  readonly data: Json;
}

/**
 * What a step's answer depends on; null if it must not be reused. A step that may change files is
 * never reused: its answer is also what it did.
 */
export async function cacheKey(
  deps: StepDeps,
  { stored }: Attempt,
  node: AgentNode,
  tree: NodeTree,
  prompt: Extract<StepPrompt, { ok: true }>,
): Promise<string | null> {
  if (!node.cache || writes(node)) return null;
  const content = await deps.worktrees.workspaces.treeId(tree.worktree, tree.rewoundTo ?? tree.at);
  const parts = [
    stored.context.repository.id,
    node.id,
    node.agent ?? deps.defaultAgent,
    node.model,
    node.effort,
    node.access,
    node.result,
    prompt.system,
    prompt.prompt,
    content,
    prompt.material.seen.filter(({ visibility }) => visibility.mode !== 'none').map(digestOf),
  ];
  return sha256(JSON.stringify(parts));
}

/** The prompt may show only the beginning of an output, but the agent can fetch all of it. */
function digestOf({ name, text, fetched }: SeenOutput): string {
  return sha256(JSON.stringify([name, text, fetched]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export async function readCache(deps: StepDeps, key: string): Promise<CachedAnswer | null> {
  const answer = await findCached(deps.runs.db, key);
  const text = answer?.['text'];
  return typeof text === 'string' ? { text, data: answer?.['data'] ?? null } : null;
}

export async function writeCache(
  deps: StepDeps,
  { stored }: Attempt,
  key: string,
  { text, data }: CachedAnswer,
): Promise<void> {
  const answer: JsonObject = { text, data };
  const repositoryId = stored.context.repository.id;
  await saveCached(deps.runs.db, { key, repositoryId, answer, at: deps.runs.now() });
}
