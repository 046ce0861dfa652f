import { couldApprove } from '../commands/authorize.ts';
import type { Gate } from '../engine/state/run.ts';
import type { Collaborator } from '../forge/people.ts';
import type { LookupRequest } from './request.ts';
import { ownTeams } from './teams.ts';
import type { LookupDeps } from './verb-deps.ts';

/** The most people asked about when a gate names teams; with more, somebody else can decide. */
const MAX_PEOPLE = 30;

/**
 * Whether the person who wants to approve their own run is the only one who could decide the gate,
 * according to the forge now. False whenever that cannot be determined.
 */
export async function isAlone(
  deps: LookupDeps,
  request: Omit<LookupRequest, 'command'>,
  gate: Gate,
): Promise<boolean> {
  try {
    return await noOtherCould(request, gate);
  } catch (error) {
    deps.log.warn(
      { err: error, login: request.actor.login },
      'who else could decide could not be read; the starter may not',
    );
    return false;
  }
}

async function noOtherCould(request: Omit<LookupRequest, 'command'>, gate: Gate): Promise<boolean> {
  const { forge, actor } = request;
  const all = (await forge.listCollaborators()) ?? [];
  const isActor = ({ login }: Collaborator) => login.toLowerCase() === actor.login.toLowerCase();
  // A list without the person who is asking is not the whole list.
  if (!all.some(isActor)) return false;
  const others = all.filter((one) => one.type === 'User' && !isActor(one));
  if (gate.approvers.teams.length === 0)
    return !others.some((one) => couldApprove(gate, { ...one, permission: one, teams: [] }));
  if (others.length > MAX_PEOPLE) return false;
  for (const one of others) {
    const teams = await ownTeams(request, gate, one.login);
    if (couldApprove(gate, { login: one.login, permission: one, teams })) return false;
  }
  return true;
}
