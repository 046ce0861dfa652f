import { type ParsedComment, parseComment } from '../commands/from-comment.ts';
import { isSettled } from '../engine/state/is-settled.ts';
import { openGates } from '../engine/state/open-gates.ts';
import type { RunStatus } from '../engine/state/run.ts';
import type { RepositoryContext } from '../engine/state/run-context.ts';
import type { ForgeReads } from '../forge/forge.ts';
import { keepReading, recallReading } from '../runs/comment-reading.ts';
import { readThreadRuns } from '../runs/thread-runs.ts';
import { listWorkflowNames } from './library/find-workflow.ts';
import type { VerbDeps } from './verb-deps.ts';

/** Over, and still waiting for somebody. */
const ASKS_FOR_MORE: ReadonlySet<RunStatus> = new Set(['failed', 'escalated']);

interface SaidComment {
  readonly body: string;
  readonly deliveryId: string;
  readonly forge: ForgeReads;
  readonly repository: RepositoryContext;
  readonly number: number;
  /** The app's name on GitHub, as in `@sluice`. */
  readonly appSlug: string;
}

/**
 * What a comment asks for, given its thread as it was when first handled: its own commands may have
 * closed since what it refers to.
 */
export async function readComment(deps: VerbDeps, said: SaidComment): Promise<ParsedComment> {
  const kept = await recallReading(deps.runs, said.deliveryId);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written below and by nobody else
  if (kept !== null) return kept as ParsedComment;
  const parsed = await parse(deps, said);
  if (parsed.type !== 'ignore') await keepReading(deps.runs, said.deliveryId, parsed);
  return parsed;
}

async function parse(deps: VerbDeps, said: SaidComment): Promise<ParsedComment> {
  const { body, forge, repository, number, appSlug } = said;
  const { prefix, bareCommands } = deps.settings;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  return parseComment(body, {
    prefix,
    appSlug,
    ...(await listWorkflowNames(deps, forge, repository)),
    steps: runs.flatMap(({ run }) =>
      openGates(run).flatMap((gate) => [gate.node, gate.subject.node]),
    ),
    open: runs.some(({ run }) => !isSettled(run.status) || ASKS_FOR_MORE.has(run.status)),
    bare: bareCommands,
  });
}
