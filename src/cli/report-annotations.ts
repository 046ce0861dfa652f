import type { Diagnosis, Severity } from '../language/problems/diagnosis.ts';

const LEVELS: Readonly<Record<Severity, 'failure' | 'warning' | 'notice'>> = {
  error: 'failure',
  warning: 'warning',
  note: 'notice',
};

/** The `annotations` of a check run's output. GitHub takes fifty per request. */
export function reportAnnotations(diagnoses: readonly Diagnosis[]): string {
  const annotations = diagnoses.map(
    ({ path, line, column, endLine = line, rule, severity, message }) => ({
      path,
      start_line: line,
      end_line: endLine,
      // Columns are refused if an annotation spans lines.
      ...(endLine === line ? { start_column: column, end_column: column } : {}),
      annotation_level: LEVELS[severity],
      title: rule,
      message,
    }),
  );
  return `${JSON.stringify(annotations, null, 2)}\n`;
}
