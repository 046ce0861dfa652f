import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { startPostgres, type TestPostgres } from '#test/support/postgres.ts';
import { makeHome, spawnSluice } from '#test/support/sluice.ts';
import { featureScenario, STORY_FILES } from '#test/support/story/feature-scenario.ts';
import { assertToldOnce, playFeature } from '#test/support/story/play-feature.ts';

/** How many times the process is killed, each time in a story of its own. */
const KILLS = Number(process.env['SLUICE_CHAOS_KILLS'] ?? 25);
/** How long the story takes when nobody disturbs it; a kill comes somewhere in it. */
const STORY_MS = 5_000;

describe.each(['pglite', 'postgres'] as const)(
  'a process killed at any moment, on %s',
  (dialect) => {
    let postgres: TestPostgres | null = null;

    beforeAll(async () => {
      if (dialect === 'postgres') postgres = await startPostgres();
    });
    afterAll(async () => {
      await postgres?.stop();
    });

    // The moments are spread over the story, each somewhere in its own slice of it.
    const moments = Array.from({ length: KILLS }, (_, index) =>
      Math.round(((index + randomInt(1000) / 1000) / KILLS) * STORY_MS),
    );
    it.each(moments)('ends the story right after SIGKILL at %i ms', async (moment) => {
      const github = await startLocalGitHub({ files: { ...STORY_FILES } });
      const databaseUrl = await postgres?.createDatabase();
      const home = await makeHome({ github, scenario: featureScenario(), databaseUrl });
      try {
        await tellWithKill(github, home, moment);
      } finally {
        await github.close();
        await home.remove();
      }
    });
  },
);

async function tellWithKill(
  github: LocalGitHub,
  home: Awaited<ReturnType<typeof makeHome>>,
  moment: number,
): Promise<void> {
  let app = await spawnSluice(github, home);
  try {
    const told = playFeature(github, { timeoutMs: 60_000 });
    const disturbed = sleep(moment).then(async () => {
      await app.kill();
      app = await spawnSluice(github, home);
    });
    const [story] = await Promise.all([told, disturbed]);
    await assertToldOnce(github, story);
  } finally {
    await app.stop();
  }
}
