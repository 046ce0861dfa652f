import { describe, expect, it } from 'vitest';
import { diagnosesOf } from '#test/support/language/doubtful-corpus.ts';

const approvedBy = (team: string): string =>
  `name: a\nsteps:\n  - {id: plan, agent: Planner, prompt: x, requires_approval: true, approval: {approvers: {teams: ["${team}"]}}}\n`;
const rulesOf = (...args: Parameters<typeof diagnosesOf>): string[] =>
  diagnosesOf(...args).map(({ rule }) => rule);

describe('the doctor on what is around a workflow', () => {
  it.each(['security', 'Security', 'octo-org/security', '@octo-org/security'])(
    'finds the team %s among those of the organisation',
    (team) => {
      expect(rulesOf(approvedBy(team))).toEqual([]);
    },
  );

  it('says nothing about teams, files and commands it cannot know', () => {
    const text = `${approvedBy('nobody')}  - {id: test, run: "config:lint"}
  - {id: read, foreach: {items: {file: tasks.csv}, steps: [{id: one, agent: Researcher, prompt: x}]}}
`;

    expect(rulesOf(text, { teams: null, hasFile: null, commands: null })).toEqual([]);
  });

  it('is content with a file that is there and a command that is declared', () => {
    const text = `name: a
steps:
  - {id: test, run: "config:test"}
  - {id: read, foreach: {items: {file: tasks.csv}, steps: [{id: one, agent: Researcher, prompt: x}]}}
`;

    expect(rulesOf(text, { hasFile: (path) => path === 'tasks.csv' })).toEqual([]);
  });
});
