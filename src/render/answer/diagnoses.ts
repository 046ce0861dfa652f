import type { Diagnosis, Severity } from '../../language/problems/diagnosis.ts';
import { fold } from '../comment/comment-frame.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { byteLength } from '../text/cut-text.ts';
import { joinWords, plural } from '../text/format.ts';
import { type ProblemsFacts, renderPlace } from './problems-comment.ts';

export interface DiagnosesFacts extends Pick<ProblemsFacts, 'commit' | 'repositoryUrl'> {
  readonly diagnoses: readonly Diagnosis[];
  /** How many workflows were examined, or just the one named by `only`. */
  readonly workflows: number;
  readonly only: string | null;
}

const SEVERITIES = ['error', 'warning', 'note'] as const satisfies readonly Severity[];

/** What the doctor found on the default branch: the count open, the findings folded, worst first. */
export function renderDiagnoses(facts: DiagnosesFacts): string {
  const { diagnoses, workflows, only, commit } = facts;
  const what =
    only === null
      ? plural(workflows, 'workflow of this repository', 'workflows of this repository')
      : code(only);
  const head = `Examined ${what} at ${code(commit.slice(0, 7))} of the default branch`;
  if (diagnoses.length === 0) return `${head}: nothing to report.`;
  const counts = SEVERITIES.map((severity) => ({ severity, found: of(diagnoses, severity) }))
    .filter(({ found }) => found.length > 0)
    .map(({ severity, found }) => plural(found.length, severity));
  return [`${head}: ${joinWords(counts)}.`, fold('Findings', diagnosisList(facts, MAX_BYTES))].join(
    '\n\n',
  );
}

/** A comment holds about this much; one finding takes a hundred to a thousand bytes of it. */
const MAX_BYTES = 40_000;

/** One line each, worst first, as many as fit. */
function diagnosisList(
  { diagnoses, ...place }: Pick<DiagnosesFacts, 'diagnoses' | 'commit' | 'repositoryUrl'>,
  maxBytes: number,
): string {
  const lines = SEVERITIES.flatMap((severity) => of(diagnoses, severity)).map(
    (one) =>
      `- **${one.severity}** ${renderPlace(one, place)} ${cleanLine(one.message, 500)} (${code(one.rule)})`,
  );
  let left = maxBytes;
  const cut = lines.findIndex((line) => {
    left -= byteLength(line) + 1;
    return left < 0;
  });
  const shown = cut < 0 ? lines : [...lines.slice(0, cut), `- …and ${lines.length - cut} more`];
  return shown.join('\n');
}

function of(diagnoses: readonly Diagnosis[], severity: Severity): readonly Diagnosis[] {
  return diagnoses.filter((one) => one.severity === severity);
}
