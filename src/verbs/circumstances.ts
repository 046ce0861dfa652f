import { type Circumstances, isSameLogin } from '../commands/authorize.ts';
import type { Gate } from '../engine/state/run.ts';
import type { StartRole } from '../language/native/schema/triggers.ts';
import type { StoredRun } from '../runs/stored-run.ts';
import { isAlone } from './is-alone.ts';
import type { LookupRequest } from './request.ts';
import { ownTeams } from './teams.ts';
import type { LookupDeps } from './verb-deps.ts';

/** Reads from the forge, now, what `authorize` needs to know. What cannot be read is unknown, and so refused. */
export async function readCircumstances(
  deps: LookupDeps,
  request: Omit<LookupRequest, 'command'>,
  about: {
    readonly stored: StoredRun | null;
    readonly gate: Gate | null;
    readonly by?: StartRole;
  },
): Promise<Circumstances> {
  const { actor } = request;
  const known = {
    actor,
    starter: about.stored?.run.starter ?? null,
    author: about.stored?.context.subject.author ?? null,
    gate: about.gate,
    alone: false,
    ...(about.by !== undefined && { by: about.by }),
  };
  if (actor.type !== 'User') return { ...known, permission: null, teams: [] };
  try {
    const permission = (await request.forge.findPermission(actor.login)) ?? {
      permission: 'none',
      roleName: 'none',
    };
    const teams = await ownTeams(request, about.gate, actor.login);
    const { gate } = about;
    const isOwnGate = gate?.selfApprove === 'if_alone' && isSameLogin(actor.login, known.starter);
    const alone = isOwnGate && (await isAlone(deps, request, gate));
    return { ...known, permission, teams, alone };
  } catch (error) {
    deps.log.warn(
      { err: error, login: actor.login },
      'role could not be read; the command is refused',
    );
    return { ...known, permission: null, teams: [] };
  }
}
