import { z } from 'zod';
import { AccessSpec, describe, Text } from './common.ts';

/** The front matter of a persona file; what follows it is the system prompt. */
export const PersonaFront = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z][\w -]{0,59}$/,
      'a name of letters, digits, blanks, - and _, starting with a letter',
    )
    .meta(describe('Name that steps use in `agent`.', 'name: Researcher')),
  description: z
    .string()
    .default('')
    .meta(describe('What it is good at.', 'description: Finds out how things are')),
  model: Text.optional().meta(describe('Model it prefers.', 'model: large')),
  access: AccessSpec.optional().meta(
    describe('What its steps may do in the worktree.', 'access: readonly'),
  ),
});
