import { isObject, type Json, type JsonObject } from '../../../plan/json.ts';
import type { Criterion } from '../../../plan/plan.ts';
import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';

/** Field of a result a criterion checks, and what must be there for it. */
interface Derivation {
  readonly path: string;
  readonly type: 'boolean' | 'integer' | 'number' | 'string';
  /** The criterion is a boolean, the field a count: true means zero. */
  readonly counts?: true;
}

/** Names that a phase's gates use, and the field of its result each stands for. */
const DERIVATIONS: Readonly<Record<string, Readonly<Record<string, Derivation>>>> = {
  build: {
    lint_errors: { path: 'lint_errors', type: 'integer' },
    lint_warnings: { path: 'lint_warnings', type: 'integer' },
    type_check_pass: { path: 'type_check_pass', type: 'boolean' },
    files_changed: { path: 'files_changed', type: 'integer' },
  },
  test: {
    all_tests_pass: { path: 'failed', type: 'integer', counts: true },
    all_pass: { path: 'failed', type: 'integer', counts: true },
    coverage: { path: 'coverage.lines', type: 'number' },
    new_code_covered: { path: 'new_code_covered', type: 'boolean' },
    no_skipped_tests: { path: 'skipped', type: 'integer', counts: true },
    test_duration_ms: { path: 'duration_ms', type: 'integer' },
    no_snapshot_regressions: { path: 'snapshot_regressions', type: 'integer', counts: true },
  },
  review: {
    no_blockers: { path: 'stats.blockers', type: 'integer', counts: true },
    blockers: { path: 'stats.blockers', type: 'integer' },
    architectural: { path: 'stats.architectural', type: 'integer' },
    critical: { path: 'stats.critical', type: 'integer' },
    tech_debt: { path: 'stats.tech_debt', type: 'integer' },
    security_issues: { path: 'stats.security', type: 'integer' },
    plan_adherence: { path: 'plan_adherence', type: 'boolean' },
    tech_debt_logged: { path: 'tech_debt_logged', type: 'boolean' },
  },
  document: {
    has_changelog_entry: { path: 'has_changelog_entry', type: 'boolean' },
    all_public_apis_documented: { path: 'all_public_apis_documented', type: 'boolean' },
    no_broken_links: { path: 'no_broken_links', type: 'boolean' },
    readme_updated_if_needed: { path: 'readme_updated_if_needed', type: 'boolean' },
  },
  deploy: {
    pr_created: { path: 'pr_created', type: 'boolean' },
    all_commits_signed: { path: 'all_commits_signed', type: 'boolean' },
    branch_up_to_date: { path: 'branch_up_to_date', type: 'boolean' },
    no_merge_conflicts: { path: 'no_merge_conflicts', type: 'boolean' },
    ci_pipeline_pass: { path: 'ci_pipeline_pass', type: 'boolean' },
    files_changed: { path: 'files_changed', type: 'integer' },
  },
};

/** A field the phase must deliver so that its gate can be decided. */
export interface NeededField {
  readonly path: string;
  readonly type: Derivation['type'];
}

export interface ReadCriteria {
  readonly criteria: readonly Criterion[];
  readonly fields: readonly NeededField[];
}

export interface CriteriaRequest {
  readonly phase: string;
  /** Ids of tests whose failures do not count. */
  readonly knownFlaky: readonly string[];
  readonly report: (at: DataPath, message: string, suggestion: string | null) => void;
}

/** Turns `name: value` pairs, all of which must hold, into questions about the phase's result. */
export function readCriteria(
  criteria: JsonObject,
  at: DataPath,
  request: CriteriaRequest,
): ReadCriteria {
  const parts = Object.entries(criteria).map(([name, value]) =>
    name === 'any_of' || name === 'all_of'
      ? readNested(name, value, [...at, name], request)
      : readOne(name, value, [...at, name], request),
  );
  return {
    criteria: parts.flatMap((part) => part.criteria),
    fields: parts.flatMap((part) => part.fields),
  };
}

const NOTHING: ReadCriteria = { criteria: [], fields: [] };

function readNested(
  op: 'any_of' | 'all_of',
  value: Json,
  at: DataPath,
  request: CriteriaRequest,
): ReadCriteria {
  if (!Array.isArray(value) || value.length === 0) {
    request.report(at, `\`${op}\` must be a list of criteria maps.`, null);
    return NOTHING;
  }
  const entries = value.map((entry: Json, index) => {
    if (isObject(entry)) return readCriteria(entry, [...at, index], request);
    request.report([...at, index], `an item of \`${op}\` must be a map of criteria.`, null);
    return NOTHING;
  });
  const nested: Json = entries.map((entry) => entry.criteria.map((part) => ({ ...part })));
  return {
    criteria: [{ path: '', op, value: nested }],
    fields: entries.flatMap((entry) => entry.fields),
  };
}

function readOne(name: string, value: Json, at: DataPath, request: CriteriaRequest): ReadCriteria {
  const { base, limit } = splitName(name);
  const known = DERIVATIONS[request.phase] ?? {};
  const whole = Object.hasOwn(known, name) ? known[name] : undefined;
  const derivation = whole ?? (Object.hasOwn(known, base) ? known[base] : undefined);
  const op = whole === undefined ? limit : null;
  if (derivation === undefined && misspelt(name, base, at, request)) return NOTHING;
  if (op !== null && typeof value !== 'number') {
    request.report(at, `\`${name}\` is a limit and must be a number.`, null);
    return NOTHING;
  }
  if (value === null || typeof value === 'object') {
    request.report(at, `\`${name}\` must be true or false, a number or a text.`, null);
    return NOTHING;
  }
  if (derivation?.counts === true) return countCriterion(derivation, value, at, name, request);
  const path = derivation?.path ?? (op === null ? name : base);
  const type = derivation?.type ?? typeOf(value);
  if (value === 'exists') return needing({ path, op: 'exists', value: true }, type);
  return needing({ path, op: op ?? 'equals', value }, type);
}

function needing(criterion: Criterion, type: Derivation['type']): ReadCriteria {
  return { criteria: [criterion], fields: [{ path: criterion.path, type }] };
}

function countCriterion(
  { path, type }: Derivation,
  value: string | number | boolean,
  at: DataPath,
  name: string,
  { phase, knownFlaky, report }: CriteriaRequest,
): ReadCriteria {
  if (typeof value !== 'boolean') {
    report(at, `\`${name}\` must be true or false.`, null);
    return NOTHING;
  }
  if (!value) return needing({ path, op: 'min', value: 1 }, type);
  if (phase === 'test' && path === 'failed' && knownFlaky.length > 0) {
    return { criteria: [{ path: 'failures', op: 'within', value: [...knownFlaky] }], fields: [] };
  }
  return needing({ path, op: 'max', value: 0 }, type);
}

function misspelt(name: string, base: string, at: DataPath, request: CriteriaRequest): boolean {
  const known = Object.entries(DERIVATIONS[request.phase] ?? {});
  const counted = known.filter(([, { type }]) => type === 'integer' || type === 'number');
  const limits = counted.flatMap(([one]) => [`${one}_minimum`, `${one}_max`, `max_${one}`]);
  const names = known.map(([one]) => one);
  const meant = nearest(base, names, 6);
  const suggestion = meant === null ? nearest(name, limits, 6) : name.replace(base, meant);
  if (suggestion === null) return false;
  const message = `the ${request.phase} phase has no criterion \`${name}\`.`;
  request.report(at, message, suggestion);
  return true;
}

/** `coverage_minimum` and `max_blockers` are limits of `coverage` and `blockers`. */
function splitName(name: string): { base: string; limit: 'min' | 'max' | null } {
  const suffix = /^(.+)_(minimum|min|maximum|max)$/.exec(name);
  if (suffix !== null) {
    const [, base = '', word = ''] = suffix;
    return { base, limit: word.startsWith('min') ? 'min' : 'max' };
  }
  const prefix = /^(min|max)_(.+)$/.exec(name);
  if (prefix === null) return { base: name, limit: null };
  const [, word = '', base = ''] = prefix;
  return { base, limit: word === 'min' ? 'min' : 'max' };
}

function typeOf(value: string | number | boolean): Derivation['type'] {
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'number' ? 'number' : 'string';
}
