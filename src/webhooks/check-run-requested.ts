import type { Context } from 'probot';
import type { Command } from '../commands/command.ts';
import { commandFromButton, commandFromRerun, parseExternalId } from '../commands/from-check.ts';
import { findStoredRun, type StoredRun } from '../runs/stored-run.ts';
import { performCommands } from '../verbs/perform-commands.ts';
import { callerIn } from './caller.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** A button on our check run: the same as its command in a comment, by the person who pressed it. */
export function onCheckRunRequestedAction(deps: WebhookDeps) {
  return async (context: Context<'check_run.requested_action'>): Promise<void> => {
    const identifier = context.payload.requested_action?.identifier ?? '';
    await onOwnCheck(deps, context, 'button', (stored, externalId) => {
      const subject = parseExternalId(externalId);
      return subject && commandFromButton(identifier, subject, stored.context.workflow);
    });
  };
}

/** GitHub's own Re-run on one check. */
export function onCheckRunRerequested(deps: WebhookDeps) {
  return async (context: Context<'check_run.rerequested'>): Promise<void> => {
    await onOwnCheck(deps, context, 'rerun', (stored, externalId) => {
      const subject = parseExternalId(externalId);
      return (
        subject &&
        commandFromRerun(subject, { workflow: stored.context.workflow, status: stored.run.status })
      );
    });
  };
}

async function onOwnCheck(
  deps: WebhookDeps,
  context: Context<'check_run.requested_action' | 'check_run.rerequested'>,
  via: 'button' | 'rerun',
  commandFor: (stored: StoredRun, externalId: string) => Command | null,
): Promise<void> {
  const { check_run: check, sender } = context.payload;
  const caller = callerIn(deps, context.payload);
  const subject = parseExternalId(check.external_id);
  if (caller === null || subject === null || check.app?.id !== deps.settings.appId) return;
  const stored = await findStoredRun(deps.runs.db, subject.run);
  if (stored === undefined || stored.context.repository.id !== caller.repository.id) return;
  const command = commandFor(stored, check.external_id);
  if (command === null) return;

  await performCommands(deps, [
    {
      ...caller,
      command,
      number: stored.context.subject.number,
      trigger: {
        via,
        login: sender.login,
        text: via === 'button' ? 'button' : 'Re-run',
        deliveryId: context.id,
        commentId: null,
      },
      key: `${context.id}/0`,
    },
  ]);
}
