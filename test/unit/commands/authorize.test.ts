import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorize, type Circumstances, type GateRules } from '#src/commands/authorize.ts';
import type { Command } from '#src/commands/command.ts';
import { hasRole, type Role, roleOf } from '#src/commands/role.ts';
import { VERBS, verbFor } from '#src/commands/verbs.ts';
import type { StartRole } from '#src/language/native/schema/triggers.ts';
import { ROLES } from '#src/plan/roles.ts';

const LADDER = ['none', ...ROLES] as const;

const decide = (verdict: 'approve' | 'deny' | 'revise' | 'answer'): Command => ({
  type: 'decide',
  verdict,
  target: null,
  sha: null,
  text: 'text',
  note: null,
});
const START: Command = { type: 'start', workflow: 'tdd', task: null, params: {} };
const CANCEL: Command = { type: 'cancel', run: null, reason: null };
const HELP: Command = { type: 'help', topic: null };
const COMMANDS: readonly Command[] = [
  START,
  { type: 'list' },
  { type: 'doctor', workflow: null },
  { type: 'create', name: 'triage', file: null, about: null },
  HELP,
  { type: 'status' },
  { type: 'output', step: 'plan', run: null, from: 1 },
  decide('approve'),
  decide('deny'),
  decide('revise'),
  decide('answer'),
  CANCEL,
  { type: 'retry', step: null },
  { type: 'resume', run: null, text: null },
];

const COARSE: Record<Role, string> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};
const as = (role: Role) => ({ roleName: role, permission: COARSE[role] });

const aGate = (facts: Partial<GateRules> & Partial<GateRules['approvers']> = {}): GateRules => ({
  approvers: {
    role: facts.role ?? 'write',
    teams: facts.teams ?? [],
    users: facts.users ?? [],
    count: 1,
  },
  selfApprove: facts.selfApprove ?? 'allow',
  answersFrom: facts.answersFrom ?? 'approvers',
});

const facts = (given: Partial<Circumstances> = {}): Circumstances => ({
  actor: { login: 'alice', type: 'User', isApp: false },
  permission: as('write'),
  starter: 'bob',
  author: 'carol',
  gate: aGate(),
  teams: [],
  alone: false,
  ...given,
});

const isAllowed = (command: Command, given: Partial<Circumstances>) =>
  authorize(command, facts(given)).allowed;

describe('authorize', () => {
  it.each<[Role, boolean]>([
    ['read', false],
    ['triage', false],
    ['write', true],
    ['maintain', true],
    ['admin', true],
  ])(
    'with the role %s, starting a workflow and deciding a gate is allowed: %s',
    (role, allowed) => {
      expect(isAllowed(START, { permission: as(role) })).toBe(allowed);
      expect(isAllowed(decide('approve'), { permission: as(role) })).toBe(allowed);
      expect(isAllowed(decide('deny'), { permission: as(role) })).toBe(allowed);
      expect(isAllowed(decide('revise'), { permission: as(role) })).toBe(allowed);
    },
  );

  it('lets the person who started a run stop and continue it with a small role', () => {
    const starter = { permission: as('read'), starter: 'Alice' };

    expect(isAllowed(CANCEL, starter)).toBe(true);
    expect(isAllowed({ type: 'resume', run: null, text: null }, starter)).toBe(true);
    expect(isAllowed(CANCEL, { ...starter, starter: 'bob' })).toBe(false);
    expect(isAllowed(CANCEL, { ...starter, starter: null })).toBe(false);
    expect(isAllowed(CANCEL, { permission: as('none'), starter: 'alice' })).toBe(false);
  });

  it('refuses everything but help when the permission could not be read', () => {
    const unread = facts({ permission: null, starter: 'alice' });

    const [helped, ...others] = [HELP, ...COMMANDS.filter((command) => command !== HELP)].map(
      (command) => authorize(command, unread),
    );

    expect(helped).toEqual({ allowed: true });
    for (const other of others) {
      expect(other).toMatchObject({ allowed: false, reason: 'could-not-check', has: null });
    }
  });

  it.each([
    ['a bot', { login: 'alice', type: 'Bot', isApp: false }],
    ['our own app', { login: 'sluice[bot]', type: 'User', isApp: true }],
    ['an organisation', { login: 'acme', type: 'Organization', isApp: false }],
    ['an unknown kind of account', { login: 'x', type: '', isApp: false }],
  ])('surface test 8: refuses %s without a word, whatever its role', (_, actor) => {
    for (const command of COMMANDS) {
      expect(authorize(command, facts({ actor, permission: as('admin') }))).toEqual({
        allowed: false,
        reason: 'not-a-person',
        silent: true,
      });
    }
  });

  it('lets only the people and teams a gate names decide it, and they need its role too', () => {
    const named = aGate({ teams: ['core'], users: ['carol'] });

    expect(authorize(decide('approve'), facts({ gate: named }))).toMatchObject({
      reason: 'not-an-approver',
    });
    expect(isAllowed(decide('approve'), { gate: named, teams: ['Core'] })).toBe(true);
    expect(isAllowed(decide('approve'), { gate: aGate({ users: ['ALICE'] }) })).toBe(true);
    expect(
      authorize(decide('approve'), facts({ gate: named, teams: ['core'], permission: as('read') })),
    ).toMatchObject({ reason: 'role', needs: 'write', has: 'read' });
  });

  it('never takes the role everybody has on a public repository for a right to decide', () => {
    const anybody = aGate({ role: 'read' });

    expect(isAllowed(decide('approve'), { gate: anybody, permission: as('read') })).toBe(false);
    expect(isAllowed(decide('approve'), { gate: anybody, permission: as('triage') })).toBe(true);
    const named = aGate({ role: 'read', users: ['alice'] });
    expect(isAllowed(decide('approve'), { gate: named, permission: as('read') })).toBe(true);
  });

  it.each([
    { selfApprove: 'allow', alone: false, allowed: true },
    { selfApprove: 'deny', alone: false, allowed: false },
    { selfApprove: 'deny', alone: true, allowed: false },
    { selfApprove: 'if_alone', alone: false, allowed: false },
    { selfApprove: 'if_alone', alone: true, allowed: true },
  ] as const)(
    'self_approve: $selfApprove, alone: $alone -> own run may be approved: $allowed',
    (row) => {
      const own = { starter: 'alice', gate: aGate(row), alone: row.alone };

      expect(isAllowed(decide('approve'), own)).toBe(row.allowed);
      expect(isAllowed(decide('deny'), own)).toBe(true);
      expect(isAllowed(decide('revise'), own)).toBe(true);
    },
  );

  it('refuses a decision when there is no gate to take its rule from', () => {
    expect(authorize(decide('approve'), facts({ gate: null }))).toMatchObject({
      reason: 'no-gate',
    });
  });
});

describe('roleOf', () => {
  it.each(LADDER)('reads the built-in role %s', (role) => {
    expect(roleOf(as(role))).toBe(role);
  });

  it('maps a custom role to the base it was made from', () => {
    expect(roleOf({ roleName: 'release-captain', permission: 'write' })).toBe('write');
    expect(roleOf({ roleName: 'intern', permission: 'read' })).toBe('read');
  });

  describe('on answering questions', () => {
    const ANSWER = decide('answer');
    const asked = (from: GateRules['answersFrom'], more: Partial<GateRules> = {}) => ({
      gate: { ...aGate(), ...more, answersFrom: from },
    });
    const author = { author: 'Alice', permission: as('read') };

    it('allows the author of the item when the questions are for them', () => {
      expect(isAllowed(ANSWER, { ...author, ...asked('author') })).toBe(true);
      expect(isAllowed(ANSWER, { ...author, ...asked('approvers') })).toBe(false);
      expect(isAllowed(ANSWER, author)).toBe(false);
      expect(isAllowed(ANSWER, { ...author, ...asked('starter') })).toBe(false);
    });

    it('allows the author nothing without read access, or when that cannot be read', () => {
      const gate = asked('author');

      expect(isAllowed(ANSWER, { ...author, ...gate, permission: as('none') })).toBe(false);
      expect(isAllowed(ANSWER, { ...author, ...gate, permission: null })).toBe(false);
    });

    it('allows the author no other decision', () => {
      for (const verdict of ['approve', 'deny', 'revise'] as const)
        expect(isAllowed(decide(verdict), { ...author, ...asked('author') })).toBe(false);
    });

    it('allows the starter and whoever may write, whoever the questions are for', () => {
      for (const from of ['starter', 'approvers', 'author'] as const) {
        const starter = { starter: 'alice', permission: as('read'), ...asked(from) };
        expect(isAllowed(ANSWER, starter)).toBe(true);
        expect(isAllowed(ANSWER, { permission: as('write'), ...asked(from) })).toBe(true);
      }
    });

    it('allows a named approver with less, unless the questions are for the starter only', () => {
      const { approvers } = aGate({ role: 'triage', users: ['alice'] });
      const permission = as('triage');

      expect(isAllowed(ANSWER, { permission, ...asked('approvers', { approvers }) })).toBe(true);
      expect(isAllowed(ANSWER, { permission, ...asked('starter', { approvers }) })).toBe(false);
    });
  });

  it('believes the weaker half of an answer that contradicts itself', () => {
    expect(roleOf({ roleName: 'admin', permission: 'read' })).toBe('read');
    expect(roleOf({ roleName: 'read', permission: 'admin' })).toBe('read');
    expect(roleOf({ roleName: 'maintain', permission: 'none' })).toBe('none');
  });

  it('takes an answer it cannot read for no role at all', () => {
    expect(roleOf({ roleName: 'owner', permission: 'superuser' })).toBe('none');
    expect(roleOf({ roleName: 'Admin', permission: '' })).toBe('none');
  });
});

describe('a start whose workflow says who may', () => {
  it.each<[StartRole, Role, boolean]>([
    ['admin', 'maintain', false],
    ['admin', 'admin', true],
    ['triage', 'read', false],
    ['triage', 'triage', true],
    ['any', 'none', true],
  ])('asks for %s and, for a person with %s, is allowed: %s', (by, role, allowed) => {
    expect(isAllowed(START, { by, permission: as(role) })).toBe(allowed);
  });

  it('names the role it takes', () => {
    const denied = authorize(START, facts({ by: 'admin', permission: as('write') }));

    expect(denied).toMatchObject({ reason: 'role', needs: 'admin', has: 'write' });
  });

  it('is refused while the role cannot be read, and to bots even when anybody may', () => {
    const bot = { login: 'robot', type: 'Bot', isApp: false };

    expect(isAllowed(START, { by: 'read', permission: null })).toBe(false);
    expect(isAllowed(START, { by: 'any', actor: bot })).toBe(false);
  });

  it('rules nothing but starts', () => {
    expect(isAllowed(decide('approve'), { by: 'any', permission: as('read') })).toBe(false);
    expect(isAllowed(CANCEL, { by: 'any', permission: as('read') })).toBe(false);
  });
});

describe('every verb, role and state', () => {
  const circumstances: fc.Arbitrary<Circumstances> = fc.record({
    actor: fc.record({
      login: fc.constantFrom('alice', 'Alice', 'bob'),
      type: fc.constantFrom('User', 'Bot', 'Organization', ''),
      isApp: fc.boolean(),
    }),
    permission: fc.option(
      fc.record({
        roleName: fc.constantFrom(...LADDER, 'custom', ''),
        permission: fc.constantFrom(...LADDER, 'custom', ''),
      }),
    ),
    starter: fc.option(fc.constantFrom('alice', 'bob')),
    author: fc.option(fc.constantFrom('alice', 'carol')),
    gate: fc.option(
      fc.record({
        approvers: fc.record({
          role: fc.constantFrom('read', 'triage', 'write', 'maintain', 'admin'),
          teams: fc.subarray(['core', 'security']),
          users: fc.subarray(['alice', 'carol']),
          count: fc.integer({ min: 1, max: 3 }),
        }),
        selfApprove: fc.constantFrom('allow', 'deny', 'if_alone'),
        answersFrom: fc.constantFrom('starter', 'approvers', 'author'),
      }),
    ),
    teams: fc.subarray(['core', 'other']),
    alone: fc.boolean(),
  });

  it('allows nothing without the minimum the table states', () => {
    fc.assert(
      fc.property(fc.constantFrom(...COMMANDS), circumstances, (command, given) => {
        const { allowed } = authorize(command, given);

        expect(allowed && !isFounded(command, given)).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });
});

/** What the table of verbs asks for, said once more and in other words. */
function isFounded(command: Command, given: Circumstances): boolean {
  if (given.actor.type !== 'User' || given.actor.isApp) return false;
  const { who } = VERBS[verbFor(command)];
  if (who.type === 'anyone') return true;
  if (given.permission === null) return false;
  const role = roleOf(given.permission);
  const isStarter = given.starter === given.actor.login.toLowerCase();
  switch (who.type) {
    case 'role':
      return hasRole(role, who.minimum);
    case 'starter-or':
      return hasRole(role, who.minimum) || (isStarter && hasRole(role, 'read'));
    case 'answerer':
      return hasRole(role, 'write') || (hasRole(role, 'read') && isAsked(given, role));
    case 'approver':
      return given.gate !== null && hasRole(role, given.gate.approvers.role);
  }
}

function isAsked({ starter, author, actor, gate }: Circumstances, role: Role): boolean {
  const login = actor.login.toLowerCase();
  if (starter === login) return true;
  if (gate === null || gate.answersFrom === 'starter') return false;
  return (gate.answersFrom === 'author' && author === login) || hasRole(role, gate.approvers.role);
}
