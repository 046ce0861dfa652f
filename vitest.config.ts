import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number, isolate: boolean) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: 120_000,
    isolate,
  },
});

export default defineConfig({
  test: {
    pool: 'forks',
    // Most of the time these tests wait for programs they have started.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // What is tested here keeps no state, so that the files may share what they import.
      project('unit', 60_000, false),
      project('integration', 120_000, true),
      project('e2e', 300_000, true),
    ],
    coverage: { provider: 'v8', include: ['src/**'] },
  },
});
