import { z } from 'zod';
import { ROLES } from '../../../plan/roles.ts';
import { parseDuration } from './duration.ts';

/** What a key is for, and a piece of YAML that uses it: both go into the reference. */
export function describe(
  description: string,
  example: string,
): { description: string; example: string } {
  return { description, example };
}

export const Slug = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,59}$/,
    'a name of lower-case letters, digits and -, starting with a letter',
  );

export const StepId = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    'a name of letters, digits, - and _, starting with a letter',
  );

export const OutputName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/,
    'a name of letters, digits, - and _, starting with a letter or _',
  );

export const Text = z.string().min(1);

const DURATION = 'a duration such as 90s, 5m, 1h30m or 7d';
export const DurationText = z.string().regex(/^(?:\d{1,9}(?:ms|s|m|h|d))+$/, DURATION);
const milliseconds = DurationText.transform((text) => parseDuration(text) ?? 0);
const DAY = 86_400_000;
const YEAR = 365 * DAY;

export const Duration = milliseconds.refine((ms) => ms <= YEAR, 'must be at most 365d');
/** A duration greater than zero. */
export const Term = Duration.refine((ms) => ms > 0, 'must be more than 0s');
/** One that a timer of this process watches. Timers take no more than 24 days. */
export const Timeout = Term.refine((ms) => ms <= 20 * DAY, 'must be at most 20d');

/** Of a file, a group or a member of a foreach. */
export const MAX_STEPS = 500;

export const Count = z.int().min(1);
export const Amount = z.int().min(0);
export const Usd = z.number().positive();
export const TokensSpec = z.int().positive();
export const AccessSpec = z.enum(['readonly', 'execute', 'edit', 'full']);
export const RoleSpec = z.enum(ROLES);
export const CompleteWhenSpec = z.union([z.enum(['all', 'any']), Count]);
/** A path within the workflow folder. */
export const FilePath = z.string().min(1).max(200);
export const ConditionText = z.string().min(1).max(1000);
