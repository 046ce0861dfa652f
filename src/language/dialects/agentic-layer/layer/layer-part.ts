import type { DataPath } from '../../../problems/positions.ts';

/** Where the file says something; null if nowhere, so that it is a default. */
export type Origin = DataPath | null;

/** A value with where it comes from. */
export interface Part<Value> {
  readonly value: Value;
  readonly at: Origin;
}
