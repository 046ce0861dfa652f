import type { Permission } from '../forge/people.ts';
import type { StartRole } from '../language/native/schema/triggers.ts';
import type { Approvers } from '../plan/plan.ts';
import type { Command, DecideCommand } from './command.ts';
import { hasRole, type Role, roleOf } from './role.ts';
import { VERBS, type VerbName, verbFor, type Who } from './verbs.ts';

export interface Actor {
  readonly login: string;
  /** GitHub's `type`: `User`, `Bot`, `Organization`, `Mannequin`. */
  readonly type: string;
  /** It is our own app. */
  readonly isApp: boolean;
}

/** The part of a gate that says who may decide it. */
export interface GateRules {
  readonly approvers: Approvers;
  readonly selfApprove: 'allow' | 'deny' | 'if_alone';
  /** Who may answer its questions besides the starter and people with write access. */
  readonly answersFrom: 'starter' | 'approvers' | 'author';
}

/** What `authorize` needs to know; read when the command is given. */
export interface Circumstances {
  readonly actor: Actor;
  /** Null: it could not be read, which allows nothing. */
  readonly permission: Permission | null;
  /** Who started the run the command is about; null if there is no run. */
  readonly starter: string | null;
  /** Who wrote the issue or pull request of that run; null if there is no run. */
  readonly author: string | null;
  /** The gate to decide; null if the command is not about one or none was found. */
  readonly gate: GateRules | null;
  /** Those of the gate's teams the actor belongs to. */
  readonly teams: readonly string[];
  /** Nobody but the actor could decide the gate. */
  readonly alone: boolean;
  /** The lowest role that may start the workflow; absent for the one its verb asks for. */
  readonly by?: StartRole;
}

export type Authorization =
  | { readonly allowed: true }
  /** It gets no answer, as it is not a person. */
  | { readonly allowed: false; readonly reason: 'not-a-person'; readonly silent: true }
  | Denied;

export interface Denied {
  readonly allowed: false;
  readonly silent: false;
  readonly reason: 'could-not-check' | 'role' | 'not-an-approver' | 'own-run' | 'no-gate';
  readonly verb: VerbName;
  readonly login: string;
  /** The role the person has; null if it could not be read. */
  readonly has: Role | null;
  /** The role it takes; null if it does not depend on roles. */
  readonly needs: Role | null;
  readonly starterMay: boolean;
  /** Teams and users a gate asks for. */
  readonly approvers: Approvers | null;
}

/** The one place that decides who may do what. Whatever it cannot be sure of, it refuses. */
export function authorize(command: Command, facts: Circumstances): Authorization {
  const { actor } = facts;
  if (actor.isApp || actor.type !== 'User') {
    return { allowed: false, reason: 'not-a-person', silent: true };
  }
  const verb = verbFor(command);
  const who = whoMay(command, facts);
  if (who.type === 'anyone') return { allowed: true };

  const refuse = refusing(verb, facts);
  if (facts.permission === null) return refuse('could-not-check');
  const role = roleOf(facts.permission);
  switch (who.type) {
    case 'role':
      return hasRole(role, who.minimum) ? { allowed: true } : refuse('role', who.minimum);
    case 'starter-or': {
      const isStarter = hasRole(role, 'read') && isSameLogin(actor.login, facts.starter);
      if (isStarter) return { allowed: true };
      if (!hasRole(role, who.minimum)) return refuse('role', who.minimum);
      // Whoever settles a gate of somebody else's run must be one of those the gate asks for.
      if (command.type === 'retry' && facts.gate !== null)
        return decideAsApprover(command, role, facts, refuse);
      return { allowed: true };
    }
    case 'answerer':
      return answer(role, facts, refuse);
    case 'approver':
      return decideAsApprover(command, role, facts, refuse);
  }
}

/** Only a start depends on more than its verb: the workflow's own trigger says who may. */
function whoMay(command: Command, { by }: Circumstances): Who {
  if (command.type !== 'start' || by === undefined) return VERBS[verbFor(command)].who;
  return by === 'any' ? { type: 'anyone' } : { type: 'role', minimum: by };
}

/** The starter and anyone with write access may; the gate says who else. */
function answer(role: Role, facts: Circumstances, refuse: Refuse): Authorization {
  const { gate, actor, teams, starter, author } = facts;
  const from = gate?.answersFrom ?? 'approvers';
  const isKnown = hasRole(role, 'read');
  const isStarter = isKnown && isSameLogin(actor.login, starter);
  const isAuthor = isKnown && from === 'author' && isSameLogin(actor.login, author);
  const isApprover =
    gate !== null &&
    from !== 'starter' &&
    hasRole(role, minimumFor(gate.approvers)) &&
    isNamed(gate.approvers, { login: actor.login, teams });
  const allowed = isStarter || isAuthor || isApprover || hasRole(role, 'write');
  return allowed ? { allowed } : refuse('role', 'write');
}

function decideAsApprover(
  command: Command,
  role: Role,
  facts: Circumstances,
  refuse: Refuse,
): Authorization {
  const { gate, actor, teams } = facts;
  if (gate === null) return refuse('no-gate');
  const minimum = minimumFor(gate.approvers);
  if (!hasRole(role, minimum)) return refuse('role', minimum);
  if (!isNamed(gate.approvers, { login: actor.login, teams })) return refuse('not-an-approver');
  const isOwn = isApproval(command) && isSameLogin(actor.login, facts.starter);
  if (isOwn && !mayApproveOwn(gate, facts.alone)) return refuse('own-run');
  return { allowed: true };
}

/**
 * Every approver needs the gate's role; naming teams or people narrows it further. In a public
 * repository everybody has `read`, so alone it is never enough to decide anything.
 */
function minimumFor({ role, teams, users }: Approvers): Role {
  return role === 'read' && teams.length + users.length === 0 ? 'triage' : role;
}

interface Person {
  readonly login: string;
  readonly teams: readonly string[];
}

/** Whether somebody else could approve at the gate, by the rule that would apply to them. */
export function couldApprove(
  { approvers }: GateRules,
  person: Person & { readonly permission: Permission },
): boolean {
  const role = roleOf(person.permission);
  return hasRole(role, minimumFor(approvers)) && isNamed(approvers, person);
}

function isNamed({ teams, users }: Approvers, person: Person): boolean {
  if (teams.length + users.length === 0) return true;
  return (
    users.some((user) => isSameLogin(user, person.login)) ||
    teams.some((team) => person.teams.some((own) => isSameLogin(own, team)))
  );
}

function isApproval(command: Command): command is DecideCommand {
  return command.type === 'decide' && command.verdict === 'approve';
}

function mayApproveOwn({ selfApprove }: GateRules, alone: boolean): boolean {
  return selfApprove === 'allow' || (selfApprove === 'if_alone' && alone);
}

export function isSameLogin(left: string, right: string | null): boolean {
  return left.toLowerCase() === right?.toLowerCase();
}

type Refuse = (reason: Denied['reason'], needs?: Role) => Denied;

function refusing(verb: VerbName, facts: Circumstances): Refuse {
  const { who } = VERBS[verb];
  return (reason, needs) => ({
    allowed: false,
    silent: false,
    reason,
    verb,
    login: facts.actor.login,
    has: facts.permission === null ? null : roleOf(facts.permission),
    needs: needs ?? null,
    starterMay: who.type === 'starter-or' || who.type === 'answerer',
    approvers: facts.gate?.approvers ?? null,
  });
}
