import type { Context } from 'probot';
import { commandFromRerun, parseExternalId } from '../commands/from-check.ts';
import { isSettled } from '../engine/state/is-settled.ts';
import { listOwnCheckRuns } from '../github/check-runs.ts';
import { findStoredRun, type StoredRun } from '../runs/stored-run.ts';
import { performCommands } from '../verbs/perform-commands.ts';
import { callerIn } from './caller.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** GitHub's "Re-run all checks" on a commit: for each run with a check there, the same as its Re-run. */
export function onCheckSuiteRerequested(deps: WebhookDeps) {
  return async (context: Context<'check_suite.rerequested'>): Promise<void> => {
    const { check_suite: suite, sender } = context.payload;
    const caller = callerIn(deps, context.payload);
    if (caller === null || suite.app.id !== deps.settings.appId) return;
    const { repository, installationId } = caller;
    const octokit = deps.github.installation(installationId);
    const name = { owner: repository.owner, repo: repository.name };
    const checks = await listOwnCheckRuns(octokit, name, deps.settings.appId, suite.head_sha);
    const runs = await readRuns(
      deps,
      repository.id,
      checks.map(({ externalId }) => externalId),
    );
    await performCommands(
      deps,
      runs.map(({ run, context: { workflow, subject } }) => ({
        ...caller,
        command: commandFromRerun({ run: run.id, gate: null }, { workflow, status: run.status }),
        number: subject.number,
        trigger: {
          via: 'rerun',
          login: sender.login,
          text: 'Re-run all checks',
          deliveryId: context.id,
          commentId: null,
        },
        key: `${context.id}/${run.id}`,
      })),
    );
  };
}

/** Of several runs of a workflow on one item, only the newest, and none that is in progress. */
async function readRuns(
  deps: WebhookDeps,
  repositoryId: number,
  externalIds: readonly (string | null)[],
): Promise<readonly StoredRun[]> {
  const ids = new Set(externalIds.flatMap((id) => parseExternalId(id)?.run ?? []));
  const newest = new Map<string, StoredRun>();
  for (const id of ids) {
    const stored = await findStoredRun(deps.runs.db, id);
    if (stored === undefined || stored.context.repository.id !== repositoryId) continue;
    const { subject, workflow } = stored.context;
    const key = `${subject.number}/${workflow}`;
    if (!newest.has(key)) newest.set(key, stored);
  }
  return [...newest.values()].filter(({ run }) => isSettled(run.status));
}
