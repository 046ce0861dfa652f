import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { labelOn, ownPulls } from '#test/support/story/watch.ts';

const REVIEWED = (name: string, follow: boolean) => `
name: ${name}
follow_up_issue: ${follow}
steps:
  - {id: build, agent: Coder, access: edit, prompt: Build it}
  - id: review
    agent: CodeReviewer
    depends_on: [build]
    prompt: Judge it
    result: {required_keys: [issues], key_types: {issues: array}}
`;

const LOOKED = `
name: looked
steps:
  - id: review
    agent: CodeReviewer
    prompt: Judge it
    result: {required_keys: [issues], key_types: {issues: array}}
`;

const stage = useStage({
  workflows: {
    kept: REVIEWED('kept', true),
    told: REVIEWED('told', false),
    looked: LOOKED,
  },
  prompts: [
    {
      match: 'Build it',
      steps: [{ append: { path: 'built.txt', content: 'x\n' } }, { text: 'feat: build it' }],
    },
    {
      match: 'Judge it',
      steps: [
        { text: 'Good, with two remarks.' },
        {
          result: {
            issues: [
              {
                severity: 'tech_debt',
                file: 'built.txt',
                line: 1,
                description: 'Grows without end.',
              },
              { severity: 'nitpick', description: 'A dull name.' },
            ],
          },
        },
      ],
    },
  ],
});

async function play(workflow: string): Promise<number> {
  const { number } = await stage.issue(`Play ${workflow}`);
  await stage.github.as('bob').label(number, `sluice:${workflow}`);
  await labelOn(stage.github, number, 'sluice:done');
  await stage.calm();
  return number;
}

function followUps(issue: number) {
  return stage.github
    .issues()
    .filter(({ body }) => body?.includes(' kind=follow-up ') && body.includes(`on #${issue}`));
}

describe('findings of a review that hold nothing up', () => {
  it('technical debt becomes one issue where the workflow asks for it, linked from run and pull request', async () => {
    const issue = await play('kept');

    const pull = await eventually('a pull request that links to the issue', async () => {
      const [own] = await ownPulls(stage.github, issue);
      return own?.body?.includes('**Technical debt, kept in #') && own;
    });
    const [kept, ...others] = followUps(issue);
    expect(others).toEqual([]);
    expect(kept?.title).toBe('Technical debt: Play kept');
    expect(kept?.body).toContain('- [ ] built.txt:1: Grows without end. (`review`)');
    expect(kept?.body).not.toContain('A dull name.');
    expect(pull.body).toContain(
      `**Technical debt, kept in #${kept?.number}**\n\n- built.txt:1: Grows without end. (\`review\`)`,
    );
    expect(pull.body).toContain('- A dull name. (`review`)');
    const [run] = await ownComments(stage.github, issue, 'run');
    expect(run?.body).toContain(`[follow-up #${kept?.number}](${kept?.html_url})`);
  });

  it('the issue is there once when GitHub loses its answer to it', async () => {
    const create = { method: /POST/, path: /\/issues$/ } as const;
    stage.github.faults.add({ kind: 'lost-reply', ...create });

    const issue = await play('kept');

    await eventually('the run comment to link to the issue', async () => {
      const [run] = await ownComments(stage.github, issue, 'run');
      return run?.body.includes('[follow-up #');
    });
    expect(stage.github.faults.pending).toEqual([]);
    expect(followUps(issue)).toHaveLength(1);
  });

  it('without that they are told in the pull request only', async () => {
    const issue = await play('told');

    const [pull] = await ownPulls(stage.github, issue);
    expect(pull?.body).toContain('**Technical debt**\n\n- built.txt:1: Grows without end.');
    expect(followUps(issue)).toEqual([]);
  });

  it('and at the end of the thread where there is no pull request', async () => {
    const issue = await play('looked');

    const end = await eventually('the comment at the end', async () => {
      const [comment] = await ownComments(stage.github, issue, 'end');
      return comment;
    });
    expect(end.body).toContain(
      '**Technical debt**\n\n- built.txt:1: Grows without end. (`review`)',
    );
  });
});
