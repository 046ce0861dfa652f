import type { TextPosition } from '../../language/template/template-ast.ts';
import { TemplateError } from '../../language/template/template-error.ts';

const MAX_STEPS = 200_000;
const MAX_TEXT = 1_000_000;
const CHARS_PER_STEP = 64;

/**
 * Limits the time and memory of one rendering. Pure code has no clock, so work is counted: one step
 * per operation, and one per 64 characters an operation reads or writes.
 */
export class Meter {
  #steps = 0;

  spend(steps: number, at: TextPosition): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) {
      throw new TemplateError(
        'template-limit',
        'the template does too much work; it loops over too much or builds too long a text',
        at,
      );
    }
  }

  /** For an operation over a text of this length. */
  spendText(length: number, at: TextPosition): void {
    this.spend(1 + length / CHARS_PER_STEP, at);
  }

  /** Refuses a text before it is built, or pays for building it. */
  allowText(length: number, at: TextPosition): void {
    this.limitText(length, at);
    this.spendText(length, at);
  }

  limitText(length: number, at: TextPosition): void {
    if (length > MAX_TEXT) {
      throw new TemplateError(
        'template-limit',
        `the text would grow beyond ${MAX_TEXT} characters`,
        at,
      );
    }
  }
}
