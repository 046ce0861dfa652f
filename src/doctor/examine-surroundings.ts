import type { Step } from '../language/native/schema/step.ts';
import { stepsBefore } from '../language/native/syntax/step-links.ts';
import type { PlacedStep } from '../language/native/syntax/step-scope.ts';
import { nearest } from '../language/problems/nearest.ts';
import type { DataPath } from '../language/problems/positions.ts';
import { writes } from '../plan/kinds.ts';
import { type Chart, note } from './chart.ts';

/** What is known about the world the workflow is for. Null means not known and not checked. */
export interface Surroundings {
  /** Slugs of the organisation's teams. */
  readonly teams: readonly string[] | null;
  readonly hasFile: ((path: string) => boolean) | null;
  /** What the repository's `config.yml` declares. */
  readonly commands: Readonly<Record<string, string>> | null;
}

/** Teams, files and commands that the steps count on. */
export function examineSurroundings(chart: Chart, around: Surroundings): void {
  for (const placed of chart.scope.steps) {
    if (around.teams !== null) reportTeams(chart, placed, around.teams);
    if (around.hasFile !== null) reportFiles(chart, placed, around.hasFile);
    if (around.commands !== null) reportCommands(chart, placed, around.commands);
  }
}

function reportTeams(chart: Chart, { step, path }: PlacedStep, teams: readonly string[]): void {
  for (const [index, team] of (step.approval?.approvers?.teams ?? []).entries()) {
    const slug = team.replace(/^@?(?:[^/]+\/)?/, '').toLowerCase();
    if (teams.includes(slug)) continue;
    const message = `there is no team \`${team}\`, so nobody of it can approve.`;
    note(chart, {
      rule: 'unknown-team',
      severity: 'error',
      at: [...path, 'approval', 'approvers', 'teams', index],
      message,
      suggestion: nearest(slug, teams),
    });
  }
}

/** A file that an earlier step may still write is only worth a note. */
function reportFiles(
  chart: Chart,
  { step, path }: PlacedStep,
  hasFile: (path: string) => boolean,
): void {
  const items = step.foreach?.items;
  if (typeof items !== 'object' || !('file' in items) || hasFile(items.file)) return;
  const before = stepsBefore(step.id, chart.links);
  const isWritten = chart.drawn.nodes.some((other) => before.has(other.id) && writes(other));
  const message = isWritten
    ? `there is no file \`${items.file}\` in the repository now; an earlier step has to write it.`
    : `there is no file \`${items.file}\` in the repository, and no earlier step could write it.`;
  const severity = isWritten ? 'note' : 'error';
  note(chart, {
    rule: 'missing-file',
    severity,
    at: [...path, 'foreach', 'items', 'file'],
    message,
  });
}

function reportCommands(
  chart: Chart,
  { step, path }: PlacedStep,
  commands: Readonly<Record<string, string>>,
): void {
  for (const { line, at } of linesOf(step, path)) {
    const name = /^config:(\S+)$/.exec(line.trim())?.[1];
    if (name === undefined || Object.hasOwn(commands, name)) continue;
    const message = `\`config.yml\` declares no command \`${name}\`; add \`commands: {${name}: …}\` there.`;
    const suggestion = nearest(name, Object.keys(commands));
    note(chart, { rule: 'missing-command', severity: 'error', at, message, suggestion });
  }
}

function linesOf(step: Step, path: DataPath): readonly { line: string; at: DataPath }[] {
  const places = [
    { run: step.run, at: [...path, 'run'] },
    ...step.checks.map(({ run }, index) => ({ run, at: [...path, 'checks', index, 'run'] })),
  ];
  return places.flatMap(({ run, at }) => {
    if (run === undefined) return [];
    return typeof run === 'string'
      ? [{ line: run, at }]
      : [{ line: run.line, at: [...at, 'line'] }];
  });
}
