import { describe, expect, it } from 'vitest';
import type { Command } from '#src/commands/command.ts';
import { type ParsedComment, parseComment, type Thread } from '#src/commands/from-comment.ts';

const THREAD: Thread = {
  prefix: 'sluice',
  appSlug: 'sluice-app',
  workflows: ['tdd', 'code-review', 'feature', 'log-analysis'],
  steps: ['plan', 'security-review'],
  open: true,
  bare: true,
};

const parse = (body: string, thread: Partial<Thread> = {}): ParsedComment =>
  parseComment(body, { ...THREAD, ...thread });

const commandsOf = (body: string, thread: Partial<Thread> = {}): readonly Command[] => {
  const parsed = parse(body, thread);
  return parsed.type === 'commands' ? parsed.commands : [];
};

const approve = (facts: object = {}) => ({
  type: 'decide',
  verdict: 'approve',
  target: null,
  sha: null,
  text: null,
  note: null,
  ...facts,
});
const gate = (id: string, run: string | null = null) => ({ type: 'gate', gate: id, run });
const start = (workflow: string, task: string | null, params: object = {}) => ({
  type: 'start',
  workflow,
  task,
  params,
});
const answer = (reason: string, facts: object = {}) => ({
  type: 'answer',
  reason,
  verb: null,
  word: null,
  suggestion: null,
  ...facts,
});
const SHA = '3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa';

describe('parseComment: the grammar', () => {
  it.each<[string, object]>([
    ['/sluice run tdd', start('tdd', null)],
    ['/sluice run tdd Add rate limiting', start('tdd', 'Add rate limiting')],
    ['/Sluice RUN TDD Add it', start('tdd', 'Add it')],
    ['/sluice run code_review look at this', start('code-review', 'look at this')],
    ['/sluice start feature', start('feature', null)],
    ['/sluice plan feature Greet people', { ...start('feature', 'Greet people'), type: 'plan' }],
    ['/sluice dry-run tdd size=large', { ...start('tdd', null, { size: 'large' }), type: 'plan' }],
    ['/sluice tdd Add rate limiting', start('tdd', 'Add rate limiting')],
    ['/tdd Add rate limiting', start('tdd', 'Add rate limiting')],
    [
      '/sluice run tdd size=large --area api title="a b" Add it',
      start('tdd', 'Add it', { size: 'large', area: 'api', title: 'a b' }),
    ],
    [
      '/sluice run tdd execution.plan=main --execution.review subagent a.b=c',
      start('tdd', 'a.b=c', { 'execution.plan': 'main', 'execution.review': 'subagent' }),
    ],
    ['@sluice-app run tdd Add it', start('tdd', 'Add it')],
    ['@sluice-app: run tdd Add it', start('tdd', 'Add it')],
    ['@sluice-app[bot] tdd Add it', start('tdd', 'Add it')],
    ['/sluice-app run tdd Add it', start('tdd', 'Add it')],
    ['/sluice workflow tdd Add it', start('tdd', 'Add it')],
    ['/sluice workflows', { type: 'list' }],
    ['/sluice wf ls', { type: 'list' }],
    ['/sluice list', { type: 'list' }],
    ['/sluice status', { type: 'status' }],
    ['/sluice create triage', { type: 'create', name: 'triage', file: null, about: null }],
    [
      '/sluice create Sort_New Sort new issues',
      { type: 'create', name: 'sort-new', file: null, about: 'Sort new issues' },
    ],
    [
      '/sluice create triage\n```yaml\nname: triage\n```',
      { type: 'create', name: 'triage', file: 'name: triage', about: null },
    ],
    ['/sluice doctor', { type: 'doctor', workflow: null }],
    ['/sluice doctor code_review', { type: 'doctor', workflow: 'code-review' }],
    ['/sluice output plan', { type: 'output', step: 'plan', run: null, from: 1 }],
    [
      '/sluice output R7K2M9PQ review/security from 60000',
      { type: 'output', step: 'review/security', run: 'R7K2M9PQ', from: 60_000 },
    ],
    ['/sluice', { type: 'help', topic: null }],
    ['@sluice-app', { type: 'help', topic: null }],
    ['/sluice ?', { type: 'help', topic: null }],
    ['/sluice --help gate', { type: 'help', topic: 'gate' }],
    ['/approve', approve()],
    ['  /approve', approve()],
    ['/Approve', approve()],
    ['/sluice approve', approve()],
    ['/yes', approve()],
    ['/approve g2', approve({ target: gate('G2') })],
    ['/approve plan', approve({ target: { type: 'step', step: 'plan' } })],
    ['/approve security_review', approve({ target: { type: 'step', step: 'security-review' } })],
    ['/approve R2345ABC', approve({ target: { type: 'run', run: 'R2345ABC' } })],
    ['/approve r2345abc', approve({ target: { type: 'run', run: 'R2345ABC' } })],
    ['/approve R2345ABC/G1', approve({ target: gate('G1', 'R2345ABC') })],
    ['/approve G1 R2345ABC', approve({ target: gate('G1', 'R2345ABC') })],
    [`/approve G1 ${SHA.toUpperCase()}`, approve({ target: gate('G1'), sha: SHA })],
    ['/approve G1 --note looks good', approve({ target: gate('G1'), note: 'looks good' })],
    ['/approve —note looks good', approve({ note: 'looks good' })],
    ['/deny', approve({ verdict: 'deny' })],
    ['/no', approve({ verdict: 'deny' })],
    ['/deny too risky', approve({ verdict: 'deny', text: 'too risky' })],
    ['/deny G2: too risky', approve({ verdict: 'deny', target: gate('G2'), text: 'too risky' })],
    ['/revise use the client', approve({ verdict: 'revise', text: 'use the client' })],
    [
      '/revise G1 use “this” client',
      approve({ verdict: 'revise', target: gate('G1'), text: 'use "this" client' }),
    ],
    [
      '/redesign R2345ABC the export too',
      { type: 'redesign', run: 'R2345ABC', text: 'the export too' },
    ],
    ['/redesign the export too', { type: 'redesign', run: null, text: 'the export too' }],
    ['/cancel', { type: 'cancel', run: null, reason: null }],
    ['/cancel R2345ABC wrong issue', { type: 'cancel', run: 'R2345ABC', reason: 'wrong issue' }],
    ['/cancel remember me', { type: 'cancel', run: null, reason: 'remember me' }],
    ['/retry', { type: 'retry', step: null }],
    ['/retry security-review', { type: 'retry', step: 'security-review' }],
    ['/resume', { type: 'resume', run: null, text: null }],
    ['/resume mind the cache', { type: 'resume', run: null, text: 'mind the cache' }],
  ])('reads %j', (body, command) => {
    expect(parse(body)).toEqual({ type: 'commands', commands: [command] });
  });

  it('reads several commands in their order', () => {
    expect(commandsOf('Fine.\n\n/approve G1\r\nand\r\n/deny G2 no')).toEqual([
      approve({ target: gate('G1') }),
      approve({ verdict: 'deny', target: gate('G2'), text: 'no' }),
    ]);
  });

  it('reads the same command twice as one', () => {
    expect(commandsOf('/approve\n/approve')).toEqual([approve()]);
  });

  it('takes the fenced block below a command as its text', () => {
    const body = ['/revise', '', '```ts', '/deny', 'use(client)', '```', '', '/sluice status'].join(
      '\n',
    );

    expect(commandsOf(body)).toEqual([
      approve({ verdict: 'revise', text: '/deny\nuse(client)' }),
      { type: 'status' },
    ]);
  });

  it('keeps a fenced block out of a command when a sentence stands between them', () => {
    expect(commandsOf('/revise use the client\nas in\n```\nsecret\n```')).toEqual([
      approve({ verdict: 'revise', text: 'use the client' }),
    ]);
  });

  it('cannot be talked into a prototype by a parameter', () => {
    const [command] = commandsOf('/sluice run tdd constructor=x go');

    expect(command).toEqual(start('tdd', 'go', { constructor: 'x' }));
  });
});

describe('surface tests 8 and 9: what is not a command', () => {
  it.each<[string, string]>([
    ['a quote', '> /approve'],
    ['a nested quote', '> > /approve'],
    ['a fenced block', '```\n/approve\n```'],
    ['a fenced block that never ends', 'see\n~~~\n/approve'],
    ['a longer fence with a shorter one inside', '````\n```\n/approve\n````'],
    ['a fence in a list', '- ```\n  /approve\n  ```'],
    ['a fence whose end is indented too far', '```\n    ```\n/approve'],
    ['indented code', 'text\n\n    /approve'],
    ['code indented by a tab', '\t/approve'],
    ['inline code', '`/approve`'],
    ['an HTML comment', '<!--\n/approve\n-->'],
    ['an HTML comment that never ends', '<!-- \n\n/approve'],
    ['an HTML comment inside a paragraph', 'text <!-- and\n/approve\n-->'],
    ['a pre element', '<pre>\n/approve\n</pre>'],
    ['a blockquote element', '<blockquote>\n\n/approve\n</blockquote>'],
    ['an e-mail reply', 'Thanks!\n\nOn Tue, 3 Nov 2026 at 09:14, Lee wrote:\n/approve'],
    [
      'a wrapped e-mail reply',
      'Thanks!\nOn Tue, 3 Nov 2026 at 09:14, Lee <lee@x>\nwrote:\n/approve',
    ],
    ['a forwarded message', 'See\n-----Original Message-----\n/approve'],
    ['a list item', '- /approve'],
    ['the middle of a sentence', 'Then write /approve'],
    ['plain agreement', 'approve'],
    ['plain praise', 'LGTM'],
    ['plain disagreement', 'no, stop'],
    ['a path', '/approve/all'],
    ['a file name', '/usr/bin/env'],
    ['somebody else’s command', '/lgtm'],
    ['a word that only begins like one', '/approver'],
    ['a bare verb that needs the prefix', '/status'],
    ['the app in the middle of a sentence', 'thanks @sluice-app, well done'],
    ['another account that begins alike', '@sluice-app-fan run tdd go'],
    ['nothing', ''],
  ])('ignores %s', (_, body) => {
    expect(parse(body)).toEqual({ type: 'ignore' });
  });

  it('ignores bare verbs where no run of ours is open', () => {
    expect(parse('/approve', { open: false })).toEqual({ type: 'ignore' });
    expect(commandsOf('/sluice approve', { open: false })).toHaveLength(1);
  });

  it('ignores bare verbs and launchers where they are switched off', () => {
    expect(parse('/approve', { bare: false })).toEqual({ type: 'ignore' });
    expect(parse('/tdd Add it', { bare: false })).toEqual({ type: 'ignore' });
    expect(commandsOf('/sluice approve', { bare: false })).toHaveLength(1);
  });

  it('sees a command through zero-width characters and line ends of any kind', () => {
    expect(commandsOf('ok\r\u200B/app\u200Drove')).toEqual([approve()]);
  });

  it('reads a comment of 260,000 hostile characters in no time', () => {
    const hostile = ['<!--', '- ', '`', '> ', '/approve ', '--note '].map((part) =>
      part.repeat(260_000 / part.length),
    );

    for (const body of hostile) expect(['ignore', 'answer']).toContain(parse(body).type);
  });
});

describe('parseComment: what is answered', () => {
  it.each<[string, object]>([
    [
      '/approve not before Friday',
      answer('not-an-approval', { verb: 'approve', word: 'not before Friday' }),
    ],
    ['/approve not yet', answer('not-an-approval', { verb: 'approve', word: 'not yet' })],
    ['/approve later', answer('not-an-approval', { verb: 'approve', word: 'later' })],
    ['/approve not G1', answer('not-an-approval', { verb: 'approve', word: 'not G1' })],
    [
      `/approve ${SHA.slice(0, 12)}`,
      answer('short-sha', { verb: 'approve', word: SHA.slice(0, 12) }),
    ],
    ['/revise', answer('missing-text', { verb: 'revise', word: 'revise' })],
    ['/redesign', answer('missing-text', { verb: 'redesign', word: 'redesign' })],
    ['/retry the last one', answer('extra-words', { verb: 'retry', word: 'last one' })],
    ['/sluice run', answer('missing-workflow', { verb: 'run' })],
    ['/sluice create', answer('missing-name', { verb: 'create' })],
    ['/sluice create ../x', answer('bad-name', { verb: 'create', word: '../x' })],
    [
      '/sluice create triage Sort\n```\nname: triage\n```',
      answer('extra-words', { verb: 'create', word: 'Sort' }),
    ],
    [
      '/sluice run code-reviw now',
      answer('unknown-workflow', { verb: 'run', word: 'code-reviw', suggestion: 'code-review' }),
    ],
    ['/sluice aprove', answer('unknown-verb', { word: 'aprove', suggestion: 'approve' })],
    ['/sluice xyzzy', answer('unknown-verb', { word: 'xyzzy' })],
    ['@sluice-app aprove', answer('unknown-verb', { word: 'aprove', suggestion: 'approve' })],
    ['@sluice-app what do you think?', answer('prose')],
    ['/approve\n/deny', answer('contradiction')],
    [
      '/sluice run tdd a\n'.repeat(1) + [1, 2, 3, 4, 5].map((n) => `/tdd ${n}`).join('\n'),
      answer('too-many', { word: '6' }),
    ],
    ['> Shall we?\n/approve', answer('under-quote')],
  ])('answers %j', (body, expected) => {
    expect(parse(body)).toEqual(expected);
  });

  it('runs none of the commands when one of them is wrong', () => {
    expect(parse('/cancel\n/approve not yet').type).toBe('answer');
  });

  it('does not let a friendly word to the app get in the way of a command', () => {
    expect(commandsOf('@sluice-app thank you!\n\n/approve')).toEqual([approve()]);
  });

  it('takes a command below a quotation once an empty line parts them', () => {
    expect(commandsOf('> Shall we?\n\n/approve')).toEqual([approve()]);
    expect(commandsOf('> Shall we?\n>\n/approve')).toEqual([approve()]);
  });
});

describe('a workflow started by naming the app', () => {
  it('20: `@app workflow TDD` is answered: a task is missing', () => {
    expect(parse('@sluice-app workflow TDD')).toMatchObject({
      type: 'answer',
      reason: 'missing-task',
      word: 'tdd',
    });
    expect(parse('/sluice tdd')).toMatchObject({ type: 'answer', reason: 'missing-task' });
  });

  it('20: `@app wf code_review look at this` starts `code-review`', () => {
    expect(commandsOf('@sluice-app wf code_review look at this')).toEqual([
      start('code-review', 'look at this'),
    ]);
  });
});
