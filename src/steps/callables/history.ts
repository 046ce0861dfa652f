import { listRuns } from '../../store/find-runs.ts';
import { readVisible } from '../outputs/read-visible.ts';
import { CallableError, type CallableFunction } from './callable.ts';

const MAX_RUNS = 200;
/** Across all workflows; those of one are picked out afterwards. */
const SEARCHED = 1_000;

export const history: CallableFunction = async ({ deps, attempt }, args) => {
  const { context, run } = attempt.stored;
  const workflow = args.text('workflow');
  const all = await listRuns(deps.runs.db, {
    repositoryId: context.repository.id,
    limit: SEARCHED,
  });
  const runs = all
    .filter((other) => other.id !== run.id && (workflow ?? other.workflow) === other.workflow)
    .slice(0, args.count('limit', 20, MAX_RUNS))
    .map((other) => ({
      id: other.id,
      workflow: other.workflow,
      subject: other.subjectNumber,
      status: other.status,
      queued_at: other.queuedAt,
      settled_at: other.settledAt,
    }));
  return { runs, count: runs.length };
};

export const output: CallableFunction = async ({ deps, attempt }, args) => {
  const name = args.text('name') ?? '';
  const found = (await readVisible(deps, attempt)).find((one) => one.name === name);
  if (found === undefined)
    throw new CallableError(`There is no output \`${name}\` that this step may see.`);
  return { name, text: found.text, data: found.data, size: found.size };
};
