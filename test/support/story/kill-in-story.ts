import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalGitHub } from '../github/local-github.ts';
import { makeHome, spawnSluice } from '../sluice.ts';
import { featureScenario, STORY_FILES } from './feature-scenario.ts';
import { assertToldOnce, playFeature } from './play-feature.ts';

/** How many times the process is killed, each time in a story of its own. */
const KILLS = Number(process.env['SLUICE_CHAOS_KILLS'] ?? 25);
/** How long the story takes when nobody disturbs it; a kill comes somewhere in it. */
const STORY_MS = 5_000;

/** When to kill: spread over the story, each moment somewhere in its own slice of it. */
export const KILL_MOMENTS: readonly number[] = Array.from({ length: KILLS }, (_, index) =>
  Math.round(((index + randomInt(1000) / 1000) / KILLS) * STORY_MS),
);

/** Tells the main story with a SIGKILL in it, and fails unless it ends as if there had been none. */
export async function tellWithKill(moment: number, databaseUrl?: string): Promise<void> {
  const github = await startLocalGitHub({ files: { ...STORY_FILES } });
  const home = await makeHome({ github, scenario: featureScenario(), databaseUrl });
  let app = await spawnSluice(github, home);
  try {
    const told = playFeature(github);
    const disturbed = sleep(moment).then(async () => {
      await app.kill();
      app = await spawnSluice(github, home);
    });
    const [story] = await Promise.all([told, disturbed]);
    await assertToldOnce(github, story);
  } finally {
    await app.stop();
    await github.close();
    await home.remove();
  }
}
