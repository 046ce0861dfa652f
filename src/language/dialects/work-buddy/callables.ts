import { CALLABLES } from '../../../plan/callables.ts';
import type { JsonObject } from '../../../plan/json.ts';
import { nearest } from '../../problems/nearest.ts';

export interface UnitCallable {
  readonly name: string;
  /** Arguments that make the registered function do what the other one did. */
  readonly kwargs: JsonObject;
}

/** Functions of work-buddy for which there is an equivalent. */
const EQUIVALENTS: Readonly<Record<string, UnitCallable>> = {
  'work_buddy.morning.get_morning_config': {
    name: 'repo.read_file',
    kwargs: { path: '.github/sluice/config.yml' },
  },
};
const REGISTERED = Object.keys(CALLABLES);
const PACKAGE = /^work_buddy\./;

export type CallableAnswer =
  | { readonly known: true; readonly callable: UnitCallable }
  | { readonly known: false; readonly suggestion: string | null };

/** Finds what a dotted import path calls here: an equivalent, or a registered name below the package. */
export function callableFor(path: string): CallableAnswer {
  const equivalent = Object.hasOwn(EQUIVALENTS, path) ? EQUIVALENTS[path] : undefined;
  if (equivalent !== undefined) return { known: true, callable: equivalent };
  const name = path.replace(PACKAGE, '');
  if (Object.hasOwn(CALLABLES, name)) return { known: true, callable: { name, kwargs: {} } };
  const candidates = PACKAGE.test(path)
    ? [...Object.keys(EQUIVALENTS), ...REGISTERED.map((known) => `work_buddy.${known}`)]
    : [...REGISTERED, ...Object.keys(EQUIVALENTS)];
  return { known: false, suggestion: nearest(path, candidates) };
}
