import { describe, expect, it } from 'vitest';
import type { Command } from '#src/commands/command.ts';
import { parseComment } from '#src/commands/from-comment.ts';
import type { RunEvent } from '#src/engine/state/event.ts';
import { isSettled } from '#src/engine/state/is-settled.ts';
import { newRun } from '#src/engine/state/new-run.ts';
import { openGates } from '#src/engine/state/open-gates.ts';
import type { Run } from '#src/engine/state/run.ts';
import { transition } from '#src/engine/transition.ts';
import type { ApprovalPolicy, Plan } from '#src/plan/plan.ts';
import { exitsFor } from '#src/render/comment/exits.ts';
import { renderRunComment } from '#src/render/comment/run-comment.ts';
import { anInput, aPlan, asTyped, minute } from '../report-builders.ts';

const APPROVAL: ApprovalPolicy = {
  when: 'after',
  prompt: 'Is it right?',
  approvers: { role: 'write', teams: [], users: [], count: 1 },
  revise: { to: 'plan', max: 2 },
  expireMs: 600_000,
  batch: false,
  selfApprove: 'allow',
};
const PLAN = aPlan(
  { research: [], plan: ['research'], left: ['plan'], right: ['plan'], publish: ['left', 'right'] },
  { plan: { approval: APPROVAL }, left: { approval: { ...APPROVAL, revise: null } } },
);

/** A run of the real engine: answers its jobs until nothing is left to do, `broken` steps with a failure. */
function play(plan: Plan, run: Run, first: RunEvent, broken: readonly string[] = []): Run {
  const events: RunEvent[] = [first];
  let current = run;
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    const next = transition(plan, current, event);
    expect(next.refusal).toBeNull();
    current = next.run;
    for (const effect of next.effects) {
      if (effect.type === 'execute-node') events.push(...execution(effect, broken));
    }
  }
  return current;
}

function execution(
  { node, visit, attempt }: { node: string; visit: number; attempt: number },
  broken: readonly string[],
): RunEvent[] {
  const usage = { inputTokens: 10, outputTokens: 1, usd: null };
  const started: RunEvent = {
    type: 'node.started',
    at: minute(1),
    node,
    visit,
    execution: `${node}-${visit}-${attempt}`,
    snapshot: null,
  };
  const failure = {
    class: 'execution',
    reason: 'crashed',
    message: 'It crashed.',
    retryAfterMs: null,
  } as const;
  const completed = {
    status: 'completed',
    outcome: 'ok',
    statusRaw: null,
    data: null,
    text: 'done',
    headline: 'done',
    digest: `sha256:${'a'.repeat(64)}`,
    size: 4,
    commit: null,
    headSha: null,
    openItems: [],
    notes: [],
    warnings: [],
    fingerprint: null,
    confidence: null,
    items: null,
    usage,
  } as const;
  const result = broken.includes(node)
    ? ({ status: 'failed', failure, usage, text: '' } as const)
    : completed;
  return [started, { type: 'node.finished', at: minute(2), node, visit, attempt, result }];
}

function eventFor(command: Command, run: Run): RunEvent | null {
  const at = minute(3);
  switch (command.type) {
    case 'decide': {
      const named = command.target?.type === 'gate' ? command.target.gate : null;
      const gate = named ?? openGates(run)[0]!.id;
      const { verdict, text, sha } = command;
      return {
        type: 'gate.decided',
        at,
        gate,
        verdict,
        by: 'lee',
        text,
        channel: 'github',
        headSha: null,
        sha,
        alone: false,
        ...(verdict === 'edit' && {
          edited: { digest: `sha256:${'e'.repeat(64)}`, size: 8, headline: 'new' },
        }),
      };
    }
    case 'cancel':
      return { type: 'run.cancelled', at, by: 'lee', reason: command.reason };
    case 'resume':
      return { type: 'run.resumed', at, by: 'lee', guidance: command.text, node: null };
    case 'retry':
      return { type: 'run.resumed', at, by: 'lee', guidance: null, node: command.step };
    case 'redesign':
      return { type: 'run.redesigned', at, by: 'lee', text: command.text };
    case 'skip':
      return { type: 'node.waived', at, node: command.step, by: 'lee' };
    case 'start':
    case 'plan':
    case 'doctor':
    case 'create':
    case 'list':
    case 'help':
    case 'status':
    case 'output':
      return null;
  }
}

const start = newRun({ id: 'R2345ABC', plan: PLAN, starter: 'dana', params: {}, headSha: null });
const begin: RunEvent = { type: 'run.started', at: minute(0) };
const decide = (gate: string, verdict: 'approve' | 'deny' | 'revise'): RunEvent => ({
  type: 'gate.decided',
  at: minute(3),
  gate,
  verdict,
  by: 'lee',
  text: verdict === 'revise' ? 'shorter' : null,
  channel: 'github',
  headSha: null,
  sha: null,
  alone: false,
});

const waiting = play(PLAN, start, begin);
const twoApprovals = play(PLAN, waiting, decide('G1', 'approve'));

const RUNS: readonly (readonly [string, Run])[] = [
  ['queued', start],
  ['at work', transition(PLAN, start, begin).run],
  ['waiting', waiting],
  ['sent back', play(PLAN, waiting, decide('G1', 'revise'))],
  [
    'sent back as often as it may',
    play(PLAN, play(PLAN, waiting, decide('G1', 'revise')), decide('G2', 'revise')),
  ],
  ['waiting behind a finished branch', twoApprovals],
  ['succeeded', play(PLAN, twoApprovals, decide('G2', 'approve'))],
  ['denied', play(PLAN, waiting, decide('G1', 'deny'))],
  ['failed', play(PLAN, start, begin, ['research'])],
  ['failed in a branch', play(PLAN, waiting, decide('G1', 'approve'), ['left', 'right'])],
  [
    'cancelled',
    play(PLAN, waiting, { type: 'run.cancelled', at: minute(3), by: 'dana', reason: null }),
  ],
  ['expired', play(PLAN, waiting, { type: 'timer.fired', at: minute(50), timer: 'gate:G1' })],
];

const REDESIGNABLE: Plan = {
  ...PLAN,
  policies: { ...PLAN.policies, redesign: { to: 'research' } },
};

describe('changed requirements', () => {
  const line = '/redesign what is wanted now';
  const exitIn = (run: Run, plan = REDESIGNABLE) =>
    exitsFor(anInput({ plan, run })).find((exit) => exit.line === line);

  it('are offered with what they do again, once their step was reached', () => {
    expect(exitIn(waiting)?.effect).toBe(
      'the requirements have changed: stops what runs, and does `research` and `plan` again with your words; commits stay',
    );
    expect(
      transition(
        REDESIGNABLE,
        waiting,
        eventFor({ type: 'redesign', run: null, text: 'x' }, waiting)!,
      ).refusal,
    ).toBeNull();
    expect(exitIn(start)).toBeUndefined();
  });

  it('are not offered where a gate goes back as far, no step takes them, or the run is over', () => {
    const toPlan = { ...PLAN, policies: { ...PLAN.policies, redesign: { to: 'plan' } } };

    expect(exitIn(waiting, toPlan)).toBeUndefined();
    expect(exitIn(waiting, PLAN)).toBeUndefined();
    expect(exitIn(play(REDESIGNABLE, waiting, decide('G1', 'deny')))).toBeUndefined();
  });
});

describe('every way on that a report names works on the real engine', () => {
  it.each(RUNS)('in a run that is %s', (_, run) => {
    const input = anInput({ plan: PLAN, run });
    const thread = {
      prefix: 'sluice',
      appSlug: 'sluice',
      workflows: ['feature'],
      steps: [],
      bare: true,
    };

    const exits = exitsFor(input);

    expect(exits.length).toBeGreaterThan(0);
    for (const { line } of exits) {
      const parsed = parseComment(asTyped(line), { ...thread, open: !isSettled(run.status) });
      const commands = parsed.type === 'commands' ? parsed.commands : [];
      expect([line, commands.length]).toEqual([line, 1]);
      const event = eventFor(commands[0]!, run);
      const refusal = event === null ? null : transition(PLAN, run, event).refusal;
      expect([line, refusal]).toEqual([line, null]);
    }
    const shown = exits.map(({ line }) => line).filter((line) => !line.includes('<'));
    for (const line of shown) expect(renderRunComment(input)).toContain(`\`${line}\``);
  });
});
