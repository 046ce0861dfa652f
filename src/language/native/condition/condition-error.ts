import { AppError } from '../../../errors.ts';
import { didYouMean } from '../../problems/nearest.ts';

/** A condition that cannot be understood: what is wrong, and at which character of the text. */
export class ConditionError extends AppError {
  readonly index: number;
  readonly suggestion: string | null;

  constructor(message: string, index: number, suggestion: string | null = null) {
    super('condition', message + didYouMean(suggestion));
    this.index = index;
    this.suggestion = suggestion;
  }
}
