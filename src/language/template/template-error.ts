import { AppError } from '../../errors.ts';
import type { TextPosition } from './template-ast.ts';

export type TemplateErrorCode =
  | 'template-syntax'
  | 'template-refused'
  | 'template-undefined'
  | 'template-value'
  | 'template-limit'
  | 'template-include';

/** What is wrong with a template, and where: line and column count from 1 inside `file`. */
export class TemplateError extends AppError {
  declare readonly code: TemplateErrorCode;
  readonly line: number;
  readonly column: number;
  /** The included file it happened in; null for the template itself. */
  readonly file: string | null;

  constructor(
    code: TemplateErrorCode,
    message: string,
    at: TextPosition,
    options: { file?: string | null; cause?: unknown } = {},
  ) {
    super(code, message, options.cause === undefined ? {} : { cause: options.cause });
    this.line = at.line;
    this.column = at.column;
    this.file = options.file ?? null;
  }
}
