import type { Diagnosis } from '../../language/problems/diagnosis.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { plural } from '../text/format.ts';
import { type Marker, withMarker } from '../text/marker.ts';

export interface ProposalFacts {
  readonly workflow: string;
  readonly path: string;
  readonly description: string;
  readonly login: string;
  /** Number of the thread where it was asked for. */
  readonly number: number;
  readonly prefix: string;
  /** Advice from the doctor; anything with a problem is not proposed. */
  readonly notes: readonly Diagnosis[];
}

/** The pull request that adds a workflow. */
export function renderProposal(
  facts: ProposalFacts,
  marker: Marker,
): { readonly title: string; readonly body: string } {
  const { workflow, path, description, login, number, prefix, notes } = facts;
  const parts = [
    `Adds the workflow ${code(workflow)} in ${code(path)}: ${cleanLine(description, 300)}`,
    `Asked for by ${cleanLine(login, 40)} in #${number}. The doctor found ${notes.length === 0 ? 'nothing to report' : 'no problem'} in it. Once this is merged, the label ${code(`${prefix}:${workflow}`)} starts it; ${code(`/${prefix} plan ${workflow}`)} shows what a start would do.`,
    ...(notes.length === 0 ? [] : [linesOf(notes)]),
  ];
  return {
    title: `Add the workflow ${workflow}`,
    body: withMarker(marker, parts.join('\n\n')),
  };
}

export function renderProposed(workflow: string, number: number, prefix: string): string {
  return `Proposed in #${number}. Once it is merged, the label ${code(`${prefix}:${workflow}`)} starts it.`;
}

/** The given file would not start, or would not do what it appears to. */
export function renderNotProposed(workflow: string, problems: readonly Diagnosis[]): string {
  return `Nothing was proposed: the file for ${code(workflow)} has ${plural(problems.length, 'problem')}.\n\n${linesOf(problems)}`;
}

export function renderNotCreated(reason: string): string {
  return `Nothing was proposed: ${reason}.`;
}

function linesOf(diagnoses: readonly Diagnosis[]): string {
  const lines = diagnoses
    .slice(0, MAX_LINES)
    .map(
      ({ line, column, message, rule }) =>
        `- line ${line}, column ${column}: ${cleanLine(message, 500)} (${code(rule)})`,
    );
  const left = diagnoses.length - lines.length;
  return [...lines, ...(left > 0 ? [`- …and ${left} more`] : [])].join('\n');
}

const MAX_LINES = 30;
