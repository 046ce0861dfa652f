import { describe, it } from 'vitest';
import { KILL_MOMENTS, tellWithKill } from '#test/support/story/kill-in-story.ts';

describe('a process killed at any moment, on the embedded database', () => {
  it.each(KILL_MOMENTS)('ends the story right after SIGKILL at %i ms', async (moment) => {
    await tellWithKill(moment);
  });
});
