import { AppError } from '../errors.ts';

/** Where a command runs and where its output goes. */
export interface Io {
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Progress may be shown and erased again. */
  readonly isTerminal: boolean;
}

export const EXIT = { ok: 0, problems: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A mistake of the caller: reported in a sentence, without a stack. */
export class UsageError extends AppError {
  constructor(message: string, cause?: unknown) {
    super('usage', message, cause === undefined ? {} : { cause });
  }
}
