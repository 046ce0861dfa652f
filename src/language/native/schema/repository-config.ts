import { z } from 'zod';
import { describe, Text } from './common.ts';

const Line = Text.max(2000);

/** `config.yml` in a repository's workflow folder: what all of its workflows share. */
export const RepositoryConfig = z.strictObject({
  commands: z
    .strictObject({
      test: Line.optional().meta(describe('Runs the tests.', 'test: npm test')),
      lint: Line.optional().meta(describe('Checks style and types.', 'lint: npm run lint')),
      build: Line.optional().meta(describe('Builds it.', 'build: npm run build')),
    })
    .default({})
    .meta(
      describe(
        'Shell lines of the repository, for `config:test`, `config:lint` and `config:build`.',
        'commands: {test: npm test, lint: npm run lint, build: npm run build}',
      ),
    ),
});
export type RepositoryConfig = z.infer<typeof RepositoryConfig>;
