import type { Problem, ProblemCode } from './problem.ts';

export type Severity = 'error' | 'warning' | 'note';

/** What only a look at the whole workflow, or the repository around it, can show. */
export const DEEP_RULES = {
  unreachable: 'A step that nothing leads to.',
  'dead-end': 'A step whose answer may lead nowhere.',
  'never-holds': 'A condition that no answer can fulfil.',
  'always-holds': 'A condition that is no condition.',
  'never-left': 'A step that the run cannot get past.',
  'no-limit': 'A way back whose limit does not count.',
  'unknown-field': 'A field that the result contract does not name.',
  'unknown-team': 'A team that is not known.',
  'missing-command': 'A command that the repository does not declare.',
  'may-be-missing': 'A template that reads what is not always there.',
  'no-effect': 'A key that does nothing where it stands.',
  unused: 'Something that nothing refers to.',
} as const;
export type DeepRule = keyof typeof DEEP_RULES;

/** What the shape and the names of a file show. */
export const SHAPE_RULES: Readonly<Record<ProblemCode, string>> = {
  'too-large': 'A file that is too large.',
  yaml: 'A file that is not YAML.',
  'unknown-key': 'A key that there is not.',
  'missing-key': 'A key that has to be there.',
  'wrong-type': 'A value of the wrong type.',
  'bad-value': 'A value that cannot stand here.',
  duplicate: 'A name that is there twice.',
  'unknown-step': 'A step that there is not.',
  'unknown-input': 'An input that no step makes.',
  'unknown-output': 'An output that no step makes.',
  'unknown-persona': 'A persona that there is not.',
  'unknown-param': 'A parameter that is not declared.',
  'unknown-workflow': 'A workflow that there is not.',
  'unknown-callable': 'A function that is not registered.',
  'unknown-variable': 'A variable that a template does not have.',
  'missing-file': 'A file that is not there.',
  cycle: 'Things that wait for each other.',
  'step-kind': 'Keys that do not go together in one step.',
  conflict: 'Keys that contradict each other.',
  'not-supported': 'A key that does nothing yet.',
  condition: 'A condition that cannot be read.',
  template: 'A template that cannot be read.',
};

/** Something the doctor has to say. Errors and warnings are problems; a note is advice. */
export interface Diagnosis {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly rule: DeepRule | ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly suggestion?: string;
}

export function diagnosisOf({ code, ...problem }: Problem): Diagnosis {
  return { ...problem, rule: code, severity: 'error' };
}

export function isProblem({ severity }: Diagnosis): boolean {
  return severity !== 'note';
}

/** In reading order, each once. */
export function sortDiagnoses(diagnoses: readonly Diagnosis[]): readonly Diagnosis[] {
  const unique = new Map(diagnoses.map((one) => [keyOf(one), one]));
  return [...unique.values()].toSorted(
    (a, b) =>
      (a.path < b.path ? -1 : Number(a.path > b.path)) || a.line - b.line || a.column - b.column,
  );
}

function keyOf({ path, line, column, message }: Diagnosis): string {
  return `${path}:${line}:${column}: ${message}`;
}
