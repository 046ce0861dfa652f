import { describe, expect, it } from 'vitest';
import { GOOD } from '#test/support/language/phase-answers.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn } from '#test/support/story/watch.ts';

const FOLDER = '.github/sluice';
const OWNER = 'acme';

const stage = useStage({
  files: {
    [`${FOLDER}/workflow.yaml`]: `version: 1
phases: [plan]
checkpoints: {after_plan: {require: human_approval}}
autonomy: supervised
teams: {web: {override_dir: teams/web}}
`,
    [`${FOLDER}/prompts/plan.md`]: 'Plan for everybody',
    [`${FOLDER}/teams/web/prompts/plan.md`]: 'Plan as the web team does',
    '.github/CODEOWNERS': `* @${OWNER}/core\n/web/ @${OWNER}/web\n`,
    'web/page.js': 'export const page = 1;\n',
    'core.js': 'export const core = 1;\n',
  },
  prompts: [
    { match: 'Plan as the web team does', steps: answer('The web way.') },
    { match: 'Plan for everybody', steps: answer('The usual way.') },
  ],
});

function answer(summary: string) {
  return [{ text: summary }, { result: { ...Object(GOOD.plan?.data), summary } }];
}

async function pullThatChanges(path: string): Promise<number> {
  const bob = stage.github.as('bob');
  const head = `change-${path.replaceAll('/', '-')}`;
  await bob.pushCommit(head, { [path]: 'export const other = 2;\n' });
  const pull = await bob.createPull({ title: 'Change it', head, base: 'main', body: 'See.' });
  return pull.number;
}

describe('the prompts of a team', () => {
  it.each([
    ['team:web', 'The web way.'],
    ['team:data', 'The usual way.'],
  ])('follow the label of an issue: %s', async (label, expected) => {
    const { number } = await stage.issue('A page', 'Body');
    await stage.github.as('bob').label(number, label);

    await stage.say('bob', number, '/sluice run sdlc');

    expect((await gateOn(stage.github, number)).body).toContain(expected);
  });

  it.each([
    ['web/page.js', 'The web way.'],
    ['core.js', 'The usual way.'],
  ])('follow the owners of what a pull request changes: %s', async (path, expected) => {
    const number = await pullThatChanges(path);

    await stage.say('bob', number, '/sluice run sdlc');

    expect((await gateOn(stage.github, number)).body).toContain(expected);
  });
});

describe('/sluice plan', () => {
  it('shows what would be started here, the prompts of the team included', async () => {
    const { number } = await stage.issue('A page', 'Body');
    await stage.github.as('bob').label(number, 'team:web');
    const pull = await pullThatChanges('web/other.js');

    await stage.say('tess', number, '/sluice plan sdlc');
    await stage.say('tess', pull, '/sluice plan sdlc');

    for (const thread of [number, pull]) {
      const [preview] = await stage.answers(thread);
      expect(preview).toContain('Plan as the web team does');
      expect(preview).not.toContain('Plan for everybody');
    }
  });
});
