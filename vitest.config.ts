import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 120_000 },
});

export default defineConfig({
  test: {
    pool: 'forks',
    // Most of the time these tests wait for programs they have started.
    maxWorkers: availableParallelism() + 1,
    projects: [project('unit', 60_000), project('integration', 120_000), project('e2e', 300_000)],
    coverage: { provider: 'v8', include: ['src/**'] },
  },
});
