import { join } from 'node:path';
import type { Diagnosis, Severity } from '../language/problems/diagnosis.ts';

export interface TextFacts {
  readonly workflows: number;
  /** Path from the current folder to the one the paths start in; empty if it is the same. */
  readonly from: string;
}

/** One line each, as editors and terminals understand it, and a summary. */
export function reportText(
  diagnoses: readonly Diagnosis[],
  { workflows, from }: TextFacts,
): string {
  const lines = diagnoses.map(
    ({ path, line, column, severity, message, rule }) =>
      `${join(from, path)}:${line}:${column}: ${severity}: ${message} [${rule}]`,
  );
  return `${[...lines, summary(diagnoses, workflows)].join('\n')}\n`;
}

function summary(diagnoses: readonly Diagnosis[], workflows: number): string {
  const count = (severity: Severity): number =>
    diagnoses.filter((one) => one.severity === severity).length;
  const parts = [
    plural(count('error'), 'error'),
    plural(count('warning'), 'warning'),
    plural(count('note'), 'note'),
  ].filter((part) => part !== null);
  const found = parts.length === 0 ? 'nothing to report' : parts.join(', ');
  return `${plural(workflows, 'workflow') ?? 'no workflows'}: ${found}`;
}

function plural(count: number, noun: string): string | null {
  return count === 0 ? null : `${count} ${noun}${count === 1 ? '' : 's'}`;
}
