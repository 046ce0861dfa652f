import type { Context } from 'probot';
import type { Command } from '../commands/command.ts';
import { isSettled } from '../engine/state/is-settled.ts';
import { showLabelsAgain } from '../runs/show-labels.ts';
import { readThreadRuns } from '../runs/thread-runs.ts';
import { performCommands } from '../verbs/perform-commands.ts';
import type { CommandRequest } from '../verbs/request.ts';
import { labelRequest } from './label-request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Removing `sluice:running` or `sluice:waiting` cancels; removing `sluice:failed` or `sluice:needs-human` resumes. */
const COMMANDS: Readonly<Record<string, Command>> = {
  running: { type: 'cancel', run: null, reason: 'its label was taken off' },
  waiting: { type: 'cancel', run: null, reason: 'its label was taken off' },
  failed: { type: 'resume', run: null, text: null },
  'needs-human': { type: 'resume', run: null, text: null },
};

export function onUnlabeled(deps: WebhookDeps) {
  return async (context: Context<'issues.unlabeled' | 'pull_request.unlabeled'>): Promise<void> => {
    const [prefix, state = ''] = (context.payload.label?.name ?? '').split(':');
    const command = prefix === deps.settings.prefix ? COMMANDS[state] : undefined;
    if (command === undefined) return;
    const request = labelRequest(deps, context, command);
    // We remove our own labels ourselves all the time.
    if (request?.actor.type !== 'User') return;
    await performCommands(deps, [request]);
    await putRight(deps, request);
  };
}

/** The label shows the run's state, whatever came of the command: the database decides, not the label. */
async function putRight(deps: WebhookDeps, { repository, number }: CommandRequest): Promise<void> {
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const own = runs.filter(({ context }) => context.subject.number === number);
  const shown = own.find(({ run }) => !isSettled(run.status)) ?? own[0];
  if (shown !== undefined) await showLabelsAgain(deps.runs, shown.run.id);
}
