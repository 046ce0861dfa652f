import { afterEach, expect, it } from 'vitest';
import type { Running } from '#src/start.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { makeHome, startHere, type TestHome } from '#test/support/sluice.ts';
import { featureScenario, STORY_FILES } from '#test/support/story/feature-scenario.ts';
import { assertToldOnce, playFeature } from '#test/support/story/play-feature.ts';

let github: LocalGitHub;
let home: TestHome;
let running: Running;

afterEach(async () => {
  await running.stop();
  await github.close();
  await home.remove();
});

it('takes a labelled issue through two gates to a pull request that is ready for review', async () => {
  github = await startLocalGitHub({ files: { ...STORY_FILES } });
  home = await makeHome({ github, scenario: featureScenario(), firstStart: true });
  running = await startHere(github, home);

  const story = await playFeature(github);

  await assertToldOnce(github, story);
  expect((await github.pull(story.pull)).body).toContain(`Closes #${story.issue}`);
});
