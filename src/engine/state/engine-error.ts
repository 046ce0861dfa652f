import { AppError } from '../../errors.ts';

/** An impossible plan or run: the compiler or the store broke a promise. */
export class EngineError extends AppError {
  constructor(code: string, message: string, fields: Record<string, unknown>) {
    super(code, message, { fields });
  }
}
