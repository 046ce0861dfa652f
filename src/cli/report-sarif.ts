import {
  DEEP_RULES,
  type Diagnosis,
  type Severity,
  SHAPE_RULES,
} from '../language/problems/diagnosis.ts';
import type { ProblemCode } from '../language/problems/problem.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  note: 'note',
};
const RULES: Readonly<Record<Diagnosis['rule'] | ProblemCode, string>> = {
  ...SHAPE_RULES,
  ...DEEP_RULES,
};

/** SARIF 2.1.0, as code scanning takes it: only the rules that found something. */
export function reportSarif(diagnoses: readonly Diagnosis[], version: string): string {
  const ids = [...new Set(diagnoses.map(({ rule }) => rule))].toSorted();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sluice doctor',
            version,
            rules: ids.map((id) => ({ id, shortDescription: { text: RULES[id] } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnoses.map((one) => resultFor(one, ids.indexOf(one.rule))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultFor(
  { path, line, column, endLine, rule, severity, message }: Diagnosis,
  ruleIndex: number,
) {
  const region = {
    startLine: line,
    startColumn: column,
    ...(endLine === undefined ? {} : { endLine }),
  };
  const uri = path.split('/').map(encodeURIComponent).join('/');
  const physicalLocation = { artifactLocation: { uri }, region };
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation }],
  };
}
