import type { Circumstances } from '../commands/authorize.ts';
import type { Gate } from '../engine/run.ts';
import { readPermission } from '../github/permissions.ts';
import { isTeamMember } from '../github/teams.ts';
import type { StoredRun } from '../runs/thread-runs.ts';
import type { CommandRequest } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Reads from GitHub, now, what `authorize` has to know. What cannot be read stays unknown, and unknown is refused. */
export async function readCircumstances(
  deps: WebhookDeps,
  request: Omit<CommandRequest, 'command'>,
  about: { readonly stored: StoredRun | null; readonly gate: Gate | null },
): Promise<Circumstances> {
  const { actor } = request;
  const known = {
    actor,
    starter: about.stored?.run.starter ?? null,
    gate: about.gate,
    alone: false,
  };
  if (actor.type !== 'User') return { ...known, permission: null, teams: [] };
  const name = { owner: request.repository.owner, repo: request.repository.name };
  try {
    const permission = (await readPermission(request.octokit, name, actor.login)) ?? {
      permission: 'none',
      roleName: 'none',
    };
    const teams = await ownTeams(request, about.gate);
    return { ...known, permission, teams };
  } catch (error) {
    deps.log.warn(
      { err: error, login: actor.login },
      'role could not be read; the command is refused',
    );
    return { ...known, permission: null, teams: [] };
  }
}

/** Those of the gate's teams the actor is in. A team is named by its slug, with or without the organisation. */
async function ownTeams(
  { octokit, repository, actor }: Omit<CommandRequest, 'command'>,
  gate: Gate | null,
): Promise<string[]> {
  const own: string[] = [];
  for (const team of gate?.approvers.teams ?? []) {
    const [org = repository.owner, slug = team] = team.includes('/') ? team.split('/') : [];
    if (await isTeamMember(octokit, { org, slug }, actor.login)) own.push(team);
  }
  return own;
}
