import { describe, expect, it } from 'vitest';
import { authorize } from '#src/commands/authorize.ts';
import { type ParsedComment, parseComment, type Thread } from '#src/commands/from-comment.ts';
import { VERBS } from '#src/commands/verbs.ts';
import type { Gate } from '#src/engine/state/run.ts';
import { renderAnswer, renderNothingFound, renderSeveralGates } from '#src/render/answer/answer.ts';
import { renderHelp } from '#src/render/answer/help.ts';
import { renderList } from '#src/render/answer/list.ts';
import { renderProblems } from '#src/render/answer/problems-comment.ts';
import { renderStatus } from '#src/render/answer/status.ts';
import { renderCheck } from '#src/render/check/check-view.ts';
import { renderEndComment } from '#src/render/comment/end-comment.ts';
import { exitsFor } from '#src/render/comment/exits.ts';
import { renderGateComment } from '#src/render/comment/gate-comment.ts';
import type { ReportInput } from '#src/render/comment/report-input.ts';
import { renderRunComment } from '#src/render/comment/run-comment.ts';
import { renderCommit } from '#src/render/pull/commit-message.ts';
import { renderPullRequest } from '#src/render/pull/pull-request.ts';
import { aGate, aRecord, aResult, asTyped, HEAD, minute, STATES } from '../report-builders.ts';

const THREAD: Thread = {
  prefix: 'sluice',
  appSlug: 'sluice-app',
  workflows: ['feature', 'tdd'],
  steps: ['plan', 'implement', 'requirements'],
  open: true,
  bare: true,
};

/** Everything we could post about a run. */
function everythingAbout(input: ReportInput): string[] {
  const check = renderCheck(input);
  const pullRequest = renderPullRequest(input);
  return [
    renderRunComment(input),
    ...input.run.gates.map((gate) => renderGateComment(input, gate)),
    renderEndComment(input) ?? '',
    check.title,
    check.summary,
    check.text ?? '',
    ...check.actions.map(({ description }) => description),
    pullRequest.title,
    pullRequest.body,
    renderStatus([input], 'sluice'),
  ];
}

const decided = (verdict: 'approve' | 'deny' | 'revise'): Gate =>
  aGate({
    status: 'decided',
    decision: {
      verdict,
      by: 'lee',
      at: minute(9),
      text: '/approve\n@sluice-app approve',
      channel: 'github',
    },
  });

const withGates = (input: ReportInput, gates: readonly Gate[]): ReportInput => ({
  ...input,
  run: { ...input.run, gates },
});

const ALL_STATES: readonly (readonly [string, ReportInput])[] = [
  ...Object.entries(STATES),
  [
    'waiting at two gates',
    withGates(STATES.waiting, [aGate(), aGate({ id: 'G2', node: 'requirements' })]),
  ],
  [
    'waiting without a revision left',
    withGates(STATES.waiting, [aGate({ revise: { to: 'plan', left: 0, max: 3 } })]),
  ],
  [
    'waiting at a checkpoint',
    withGates(STATES.waiting, [
      aGate({ kind: 'checkpoint', verdicts: ['retry', 'guide', 'override', 'deny'] }),
    ]),
  ],
  ['approved', withGates(STATES.running, [decided('approve')])],
  ['denied', withGates(STATES.failed, [decided('deny')])],
  ['sent back', withGates(STATES.running, [decided('revise')])],
  ['void', withGates(STATES.running, [aGate({ status: 'void', voidReason: 'head-moved' })])],
  ['on hold', { ...STATES.running, run: { ...STATES.running.run, held: true } }],
];

describe('surface test 23: our own texts', () => {
  it.each(ALL_STATES)('hold no command at the beginning of a line when a run is %s', (_, input) => {
    for (const text of everythingAbout(input)) {
      expect(parseComment(text, THREAD)).toEqual({ type: 'ignore' });
      expect(text).not.toMatch(/^\s*\/[a-z]/m);
    }
  });

  it('hold none in an answer either, whatever it repeats', () => {
    const { waiting } = STATES;
    const mistakes = ['/approve /deny all', '/sluice /approve', '/sluice run /deny']
      .map((body) => parseComment(body, THREAD))
      .flatMap((parsed) => (parsed.type === 'answer' ? [renderAnswer(parsed, 'sluice')] : []));
    const texts = [
      ...mistakes,
      renderNothingFound('approve', 'sluice'),
      renderSeveralGates(
        [{ gate: 'G1', run: waiting.run.id, artefact: '/approve', url: null }],
        'approve',
      ),
      renderHelp(null, { prefix: 'sluice', bare: true, workflows: ['tdd'] }),
      renderHelp('gate', { prefix: 'sluice', bare: true, workflows: ['tdd'] }),
      renderList(
        [
          {
            name: 'tdd',
            description: '/approve',
            origin: 'built-in',
            steps: 3,
            gates: 0,
            ways: { label: '/approve', command: 'tdd' },
          },
        ],
        'sluice',
      ),
      renderProblems({
        workflow: 'tdd',
        commit: HEAD,
        repositoryUrl: 'https://github.com/acme/api',
        problems: [{ path: '/approve', line: 1, column: 1, message: '\n/approve', code: 'yaml' }],
      }),
    ];

    expect(mistakes).toHaveLength(3);
    for (const text of texts) expect(parseComment(text, THREAD)).toEqual({ type: 'ignore' });
  });

  it('hold none that an agent wrote', () => {
    const text = 'ok\n/approve\n\n    /approve\n```\n/deny\n```\n@sluice-app approve\n> /cancel';
    const outputs = { plan: { name: 'plan', text, digest: null, size: 1 } };

    for (const report of everythingAbout({ ...STATES.waiting, outputs })) {
      expect(parseComment(report, THREAD)).toEqual({ type: 'ignore' });
    }
  });
});

describe('surface test 30: a token in success and in failure', () => {
  const TOKENS = [
    ['ghs_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join(''),
    ['ghs_', 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJnaXRodWIifQ.c2ln-bmF0_dXJl'].join(''),
  ];

  it.each(TOKENS)('is seen nowhere (%#)', (token) => {
    const leak = `done with ${token} inside`;
    const result = aResult(leak, { warnings: [leak], notes: [leak], openItems: [leak] });
    const reason = { code: 'crashed', message: leak };
    const gates = [aGate({ prompt: leak, trigger: leak }), decided('revise')];
    const outputs = { plan: { name: leak, text: leak, digest: null, size: 1 } };
    const records = [aRecord('node-failed', { node: 'plan', detail: leak, actor: leak })];

    const reports = Object.values(STATES).flatMap((state) => {
      const root = state.run.frames['']!;
      const nodes = Object.fromEntries(
        Object.entries(root.nodes).map(([id, node]) => [id, { ...node, result, reason }]),
      );
      const run = { ...state.run, reason, gates, frames: { '': { ...root, nodes } } };
      const subject = { ...state.context.subject, title: leak };
      return everythingAbout({
        ...state,
        run,
        outputs,
        records,
        context: { ...state.context, subject },
      });
    });
    reports.push(
      renderCommit({
        run: 'R2345ABC',
        step: 'plan',
        visit: 1,
        attempt: 1,
        headline: leak,
        starter: { login: 'dana' },
      }).subject,
    );

    expect(reports.filter((text) => text.includes(token.slice(0, 12)))).toEqual([]);
    expect(reports.join('\n')).toContain('[secret removed]');
  });
});

const isLive = ({ run }: ReportInput) => ['queued', 'running', 'waiting'].includes(run.status);
const parseIn = (input: ReportInput, line: string): ParsedComment =>
  parseComment(asTyped(line), { ...THREAD, open: isLive(input) });

/** Every command in inline code, as a person would copy it. Usage lines with `<…>` are no commands. */
const commandsNamedIn = (text: string) =>
  [...text.matchAll(/`(\/[a-z][^`]*)`/g)]
    .map(([, line]) => line!)
    .filter((line) => !/[<[]/.test(line));

describe('surface test 36: the ways on', () => {
  it.each(ALL_STATES)('named in any text are understood when a run is %s', (_, input) => {
    const named = everythingAbout(input).flatMap(commandsNamedIn);

    expect(named.length).toBeGreaterThan(0);
    for (const line of named) {
      expect([line, parseIn(input, line).type]).toEqual([line, 'commands']);
    }
  });

  it.each(ALL_STATES)('are open to somebody with maintain access when a run is %s', (_, input) => {
    const gate = input.run.gates.find(({ status }) => status === 'open') ?? null;
    const commands = exitsFor(input).flatMap(({ line }) => {
      const parsed = parseIn(input, line);
      return parsed.type === 'commands' ? parsed.commands : [];
    });

    for (const command of commands) {
      const verdict = authorize(command, {
        actor: { login: 'lee', type: 'User', isApp: false },
        permission: { roleName: 'maintain', permission: 'write' },
        starter: input.run.starter,
        author: input.context.subject.author,
        gate,
        teams: [],
        alone: false,
      });
      expect(verdict).toEqual({ allowed: true });
    }
  });

  it.each([
    ['queued', ['cancel']],
    ['running', ['cancel']],
    ['waiting', ['approve', 'revise', 'edit', 'deny', 'cancel']],
    ['warned', ['sluice run']],
    ['failed', ['sluice retry', 'sluice resume']],
    ['escalated', ['sluice retry', 'sluice resume', 'sluice cancel']],
    ['cancelled', ['sluice resume']],
    ['expired', ['sluice resume']],
  ] as const)('out of a run that is %s are %j', (state, expected) => {
    const lines = exitsFor(STATES[state]).map(({ line }) => line);

    expect(lines).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) {
      expect(lines[index]).toMatch(new RegExp(`^/${words}( |$)`));
    }
  });

  it('need no short form where that is switched off', () => {
    const input = { ...STATES.waiting, settings: { ...STATES.waiting.settings, bare: false } };

    for (const line of everythingAbout(input).flatMap(commandsNamedIn)) {
      expect(parseComment(line, { ...THREAD, bare: false }).type).toBe('commands');
    }
  });

  it('are each in the help', () => {
    const help = renderHelp(null, { prefix: 'sluice', bare: true, workflows: ['tdd'] });
    const verbs = Object.values(STATES)
      .flatMap((input) => exitsFor(input))
      .map(({ line }) => line.replace(/^\/(?:sluice )?/, '').split(' ')[0]!);

    for (const verb of verbs)
      expect(help).toContain(`\`/sluice ${VERBS[verb as keyof typeof VERBS].usage}\``);
  });
});
