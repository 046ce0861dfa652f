import { afterAll, beforeAll, describe, it } from 'vitest';
import { startPostgres, type TestPostgres } from '#test/support/postgres.ts';
import { KILL_MOMENTS, tellWithKill } from '#test/support/story/kill-in-story.ts';

describe('a process killed at any moment, on PostgreSQL', () => {
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  it.each(KILL_MOMENTS)('ends the story right after SIGKILL at %i ms', async (moment) => {
    await tellWithKill(moment, await postgres.createDatabase());
  });
});
