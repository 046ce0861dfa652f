import { describe, expect, it } from 'vitest';
import { useStage } from '#test/support/story/use-stage.ts';

const SOUND = 'name: sound\nsteps: [{id: one, agent: Planner, prompt: "{{ task }}"}]\n';
const DOUBTFUL = `
name: doubtful
steps:
  - {id: review, agent: CodeReviewer, prompt: x, result: {required_keys: [severity]}}
  - {id: fix, agent: Engineer, prompt: Fix it, depends_on: [review], when: review.severty == "high"}
`;

const stage = useStage({
  workflows: { sound: SOUND, doubtful: DOUBTFUL, broken: 'name: broken\nstepz: []\n' },
});

async function asked(login: string, command: string): Promise<string> {
  const { number } = await stage.issue('Are the workflows well?');
  await stage.say(login, number, command);
  const [answer = ''] = await stage.answers(number);
  return answer;
}

describe('/sluice doctor', () => {
  it('tells what is wrong with the files of the default branch, worst first, each with its line', async () => {
    const answer = await asked('tess', '/sluice doctor');

    expect(answer).toMatch(
      /^Examined 3 workflows of this repository at `\w{7}` of the default branch: 2 errors and 1 warning\./,
    );
    expect(answer).toMatch(
      /- \*\*error\*\* \[`\.github\/sluice\/workflows\/broken\.yml:2:1`\]\(\S+\/blob\/\w{40}\/\.github\/sluice\/workflows\/broken\.yml#L2\) a workflow has no key `stepz`/,
    );
    const findings = answer.match(/(?<=^- \*\*)\w+/gm);
    expect(findings).toEqual(['error', 'error', 'warning']);
  });

  it('keeps to one workflow when it is named', async () => {
    expect(await asked('tess', '/sluice doctor sound')).toMatch(
      /^Examined `sound` at .*: nothing to report\.$/,
    );
    expect(await asked('tess', '/sluice doctor doubtful')).toContain('has no field `severty`');
    expect(await asked('tess', '/sluice doctor broken')).toContain('2 errors.');
    expect(await asked('tess', '/sluice doctor tdd')).toContain('comes with the app');
  });

  it('is not for those who may only read', async () => {
    expect(await asked('rita', '/sluice doctor')).toContain('needs triage access');
  });
});
