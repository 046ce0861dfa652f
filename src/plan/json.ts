import { isRecord } from '../is-record.ts';

/** A value that survives JSON: what results, parameters and conditions are made of. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Neither null nor a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return isRecord(value);
}
