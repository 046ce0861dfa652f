import { describe, expect, it } from 'vitest';
import { authorize, type Circumstances } from '#src/commands/authorize.ts';
import type { Command } from '#src/commands/command.ts';
import { parseComment, type Thread } from '#src/commands/from-comment.ts';
import {
  renderAlreadyRunning,
  renderAnswer,
  renderNothingFound,
  renderSeveralGates,
  renderSeveralRuns,
  renderUnknownWorkflow,
} from '#src/render/answer/answer.ts';
import { renderHelp } from '#src/render/answer/help.ts';
import { renderList } from '#src/render/answer/list.ts';
import { renderProblems } from '#src/render/answer/problems-comment.ts';
import { renderDenied, renderRefused } from '#src/render/answer/refusal.ts';
import { renderStatus } from '#src/render/answer/status.ts';
import { STATES } from '../report-builders.ts';

const THREAD: Thread = {
  prefix: 'sluice',
  appSlug: 'sluice',
  workflows: ['tdd', 'code-review'],
  steps: ['plan'],
  open: true,
  bare: true,
};

describe('renderAnswer', () => {
  it.each([
    [
      '/approve not yet',
      'Not taken as an approval: `not yet` is no open gate, run, step or full commit id.',
    ],
    ['/approve 3f9c2e1aaa3f9c2e', 'too short. A commit is named with all 40 characters'],
    [
      '/sluice tdd',
      '`tdd` needs a task. To work on this issue or pull request as it is written: `/sluice run tdd`.',
    ],
    ['/revise', 'Please say what to change'],
    ['/retry this one', 'Usage: `/sluice retry [step]`'],
    ['/sluice run', 'Please name a workflow'],
    ['/sluice run tdx', 'There is no workflow called `tdx` here. Did you mean `tdd`?'],
    ['/sluice aprove', '`aprove` is no command. Did you mean `approve`?'],
    ['@sluice hello there', 'I only act on commands: `/sluice help` lists them.'],
    ['/approve\n/deny', 'different decisions on the same gate'],
    ['> so?\n/approve', 'part of the quotation above it'],
    ['/tdd 1\n/tdd 2\n/tdd 3\n/tdd 4\n/tdd 5\n/tdd 6', '6 commands in one comment'],
  ])('explains %j', (body, words) => {
    const parsed = parseComment(body, THREAD);

    expect(parsed.type === 'answer' ? renderAnswer(parsed, 'sluice') : parsed.type).toContain(
      words,
    );
  });

  it('repeats what somebody wrote only in a harmless form', () => {
    const parsed = parseComment('/approve `x` @acme/core\u202E https://evil.example', THREAD);

    expect(parsed.type === 'answer' ? renderAnswer(parsed, 'sluice') : '').toContain(
      "`'x' @acme/core https://evil.example`",
    );
  });
});

describe('surface test 10: two gates open and a bare approval', () => {
  it('gets the list, and each line of it decides one of them', () => {
    const text = renderSeveralGates(
      [
        { gate: 'G1', run: 'R2345ABC', artefact: 'security', url: 'https://x.example/1' },
        { gate: 'G2', run: 'R2345ABC', artefact: 'performance', url: null },
      ],
      'approve',
    );

    expect(text).toMatchInlineSnapshot(`
      "Nothing was decided: 2 gates are open here, so please name one.

      - [gate G1](https://x.example/1) on \`security\`, run \`R2345ABC\`: \`/approve R2345ABC/G1\`
      - gate G2 on \`performance\`, run \`R2345ABC\`: \`/approve R2345ABC/G2\`"
    `);
    const lines = [...text.matchAll(/`(\/approve[^`]*)`/g)].map(([, line]) => line!);
    expect(lines.map((line) => parseComment(line, THREAD))).toMatchObject([
      { commands: [{ target: { gate: 'G1', run: 'R2345ABC' } }] },
      { commands: [{ target: { gate: 'G2', run: 'R2345ABC' } }] },
    ]);
  });
});

describe('the other answers', () => {
  it('name the runs to choose from', () => {
    expect(renderSeveralRuns([{ run: 'R2345ABC', workflow: 'tdd' }], 'cancel')).toContain(
      '- tdd: `/cancel R2345ABC`',
    );
  });

  it('say what is not there', () => {
    expect(renderNothingFound('approve', 'sluice')).toContain('`/sluice status`');
    expect(renderUnknownWorkflow('tdx', 'tdd', 'sluice')).toContain('Did you mean `tdd`?');
    expect(renderAlreadyRunning('tdd', 'R2345ABC', null)).toContain(
      'run `R2345ABC` of `tdd` is still live',
    );
  });
});

const approve: Command = {
  type: 'decide',
  verdict: 'approve',
  target: null,
  sha: null,
  text: null,
  note: null,
};
const circumstances = (given: Partial<Circumstances>): Circumstances => ({
  actor: { login: 'sam', type: 'User', isApp: false },
  permission: { roleName: 'triage', permission: 'read' },
  starter: 'dana',
  author: 'carol',
  gate: {
    approvers: { role: 'write', teams: [], users: [], count: 1 },
    selfApprove: 'allow',
    answersFrom: 'approvers',
  },
  teams: [],
  alone: false,
  ...given,
});
const denied = (command: Command, given: Partial<Circumstances>) => {
  const verdict = authorize(command, circumstances(given));
  return !verdict.allowed && !verdict.silent ? renderDenied(verdict, 'sluice') : 'not denied';
};

describe('renderDenied', () => {
  it('names what it takes, what the person has, and the way on', () => {
    expect(denied(approve, {})).toBe(
      'Not done: approving needs write access, and sam has triage here. Somebody with that access can write the same command; `/sluice help approve` says more.',
    );
    expect(denied({ type: 'cancel', run: null, reason: null }, {})).toContain(
      'cancelling a run needs write access, or having started the run, and sam has triage here.',
    );
  });

  it('names the people a gate asks for without calling them', () => {
    const gate = {
      approvers: { role: 'read' as const, teams: ['core'], users: ['lee'], count: 1 },
      selfApprove: 'allow' as const,
      answersFrom: 'approvers' as const,
    };

    expect(denied(approve, { gate })).toBe(
      'Not done: approving needs one of core or lee, and sam is not among them. (`/sluice status` shows what is open here.)',
    );
  });

  it('asks to repeat what could not be checked', () => {
    expect(denied(approve, { permission: null })).toContain(
      'Please repeat the command in a minute.',
    );
  });

  it('says that nobody approves their own run where that is the rule', () => {
    const gate = { ...circumstances({}).gate!, selfApprove: 'deny' as const };
    const permission = { roleName: 'write', permission: 'write' };

    expect(denied(approve, { gate, permission, starter: 'sam' })).toContain('sam started this run');
  });
});

describe('renderRefused', () => {
  it('passes on why the run refused', () => {
    const refusal = { code: 'head-moved', message: 'The branch has moved on since G1 opened' };

    expect(renderRefused(refusal, 'sluice')).toBe(
      'Not done: the branch has moved on since G1 opened. (`/sluice status` shows what is open here.)',
    );
  });
});

describe('renderHelp', () => {
  const facts = { prefix: 'sluice', bare: true, workflows: ['tdd'] };

  it('shows every command, who may use it, and how to start', () => {
    expect(renderHelp(null, facts)).toMatchInlineSnapshot(`
      "**Start a workflow** with the label \`sluice:tdd\` or with \`/sluice run tdd\`.

      | Command | Does | Who |
      |---|---|---|
      | \`/sluice run <workflow> [key=value …] [task]\` | start a workflow; without a task it works on this issue or pull request as it is written | write access |
      | \`/sluice plan <workflow> [key=value …] [task]\` | show steps, gates, rights, prompts and cost of a start, without starting anything | triage access |
      | \`/sluice doctor [workflow]\` | look for everything that is wrong with the workflows of this repository, or likely to be | triage access |
      | \`/sluice create <name> [what it is for]\` | propose a new workflow in a pull request; a fenced block below the line is its file, else it gets one to start from | write access |
      | \`/sluice list\` | show the workflows of this repository | read access |
      | \`/sluice status\` | show what runs here and what it waits for | read access |
      | \`/sluice output [run] <step> [from <character>]\` | show the whole result of a step | triage access |
      | \`/sluice help [topic]\` | show this help; topics are \`workflows\`, \`gate\` and the commands | anybody |
      | \`/sluice approve [gate] [sha] [--note remark]\` | go on with exactly what the gate shows | whom the gate names |
      | \`/sluice revise [gate] <what to change>\` | send it back with your words; a fenced block below the line works too | whom the gate names |
      | \`/sluice deny [gate] [reason]\` | end the run | whom the gate names |
      | \`/sluice edit [gate]\` | replace the result with the fenced block below the line, and go on with that | whom the gate names |
      | \`/sluice answer [gate] <answers>\` | answer the questions of a step; it starts again with your answers | the starter, write access, or whom the questions are for |
      | \`/sluice guide [gate] <advice>\` | try again what did not work, with your advice | whom the gate names |
      | \`/sluice override [gate] <reason>\` | let a failed step or check count as passed; the reason is kept, ten characters at least | maintain access |
      | \`/sluice skip <step>\` | leave an optional step out | write access |
      | \`/sluice redesign [run] <what is wanted now>\` | stop what runs because the requirements have changed, and begin again with your words | the starter, or write access |
      | \`/sluice cancel [run] [reason]\` | stop the run now | the starter, or write access |
      | \`/sluice retry [step]\` | try a failed step again | the starter, or write access |
      | \`/sluice resume [run] [advice]\` | go on from where the run stopped; finished steps keep their results | the starter, or write access |

      On a thread with a live run the short form works too: \`/approve\`, \`/revise\`, \`/deny\`, \`/edit\`, \`/answer\`, \`/guide\`, \`/override\`, \`/skip\`, \`/redesign\`, \`/cancel\`, \`/retry\`, \`/resume\`. A command stands at the beginning of a line; quotes and code are never read as commands.

      More: \`/sluice help workflows\`, \`/sluice help gate\`."
    `);
  });

  it.each(['gate', 'workflows', 'approve', 'run'])('has a topic %s of its own', (topic) => {
    expect(renderHelp(topic, facts)).not.toBe(renderHelp(null, facts));
  });

  it('gives the overview for a topic it does not know', () => {
    expect(renderHelp('weather', facts)).toBe(renderHelp(null, facts));
  });
});

describe('renderList', () => {
  it('shows the workflows and how to start one', () => {
    const text = renderList(
      [
        {
          name: 'tdd',
          description: 'Red | green, refactor',
          origin: 'built-in',
          steps: 3,
          gates: 0,
          ways: { label: 'tdd', command: 'tdd' },
        },
        {
          name: 'release',
          description: 'Ours @acme',
          origin: 'repository',
          steps: 4,
          gates: 1,
          ways: { label: 'ship', command: null },
        },
      ],
      'sluice',
    );

    expect(text).toMatchInlineSnapshot(`
      "| Workflow | For | Steps | Gates | From |
      |---|---|---|---|---|
      | \`tdd\` | Red ¦ green, refactor | 3 |  | built in |
      | \`release\` | Ours @​acme (\`sluice:ship\`) | 4 | 1 | this repository |

      Start one with its label, such as \`sluice:tdd\`, or with \`/sluice run tdd\`."
    `);
  });

  it('says so when there are none', () => {
    expect(renderList([], 'sluice')).toContain('There are no workflows here.');
  });
});

describe('renderStatus', () => {
  it('says in two lines where each run stands', () => {
    expect(renderStatus([STATES.waiting, STATES.failed], 'sluice')).toMatchInlineSnapshot(`
      "**⏸️ feature · waiting for you: plan needs approval** · [run R2345ABC](https://github.com/acme/api/issues/214#issuecomment-30)
      **Now:** [gate G1](https://github.com/acme/api/issues/214#issuecomment-31) on \`plan\` waits for somebody with write access until 2026-11-24 09:46 UTC. **You can:** \`/approve\`, \`/revise what to change\`, \`/deny reason\` or \`/cancel\`.

      **❌ feature · failed at implement after 3 tries** · run \`R2345ABC\`
      **Now:** stopped. \`implement\`: The agent ended with status 1. Finished steps keep their results. **You can:** \`/sluice retry implement\` or \`/sluice resume\`."
    `);
  });

  it('says so when nothing has run', () => {
    expect(renderStatus([], 'sluice')).toContain('Nothing has run here yet.');
  });
});

describe('renderProblems', () => {
  it('names every problem with its place, and what to do', () => {
    const text = renderProblems({
      workflow: 'release',
      commit: '3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa',
      repositoryUrl: 'https://github.com/acme/api',
      problems: [
        {
          path: '.github/sluice/workflows/my release.yml',
          line: 4,
          column: 5,
          message: 'Unknown key `promt`.',
          suggestion: 'prompt',
          code: 'unknown-key',
        },
        { path: 'a.yml', line: 9, column: 1, message: '@all <b>', code: 'yaml' },
      ],
    });

    expect(text).toMatchInlineSnapshot(`
      "Nothing was started: \`release\` has 2 problems at \`3f9c2e1\` of the default branch.

      - [\`.github/sluice/workflows/my release.yml:4:5\`](https://github.com/acme/api/blob/3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa/.github/sluice/workflows/my%20release.yml#L4) Unknown key \`promt\`. Did you mean \`prompt\`?
      - [\`a.yml:9:1\`](https://github.com/acme/api/blob/3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa/a.yml#L9) @​all <​b>

      Correct the file on the default branch, then set the label again or repeat the command."
    `);
  });
});
