import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '#src/doctor/diagnose.ts';
import type { Surroundings } from '#src/doctor/examine-surroundings.ts';
import type { Diagnosis } from '#src/language/problems/diagnosis.ts';
import { aDefinition, aPlan } from './builders.ts';

export const DOUBTFUL = join(import.meta.dirname, '../../fixtures/doubtful');

/** Names of the files of the corpus, without their ending. */
export function doubtfulFiles(): readonly string[] {
  return readdirSync(DOUBTFUL)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => file.slice(0, -'.yml'.length));
}

/** A repository with one team, no files and the command `test`. */
const SURROUNDINGS: Surroundings = {
  teams: ['security'],
  hasFile: () => false,
  commands: { test: 'npm test' },
};

export function diagnosesOf(
  text: string,
  around: Partial<Surroundings> = {},
): readonly Diagnosis[] {
  return diagnose({
    definition: aDefinition(text),
    plan: aPlan(text),
    surroundings: { ...SURROUNDINGS, ...around },
  });
}

export function diagnosesIn(name: string): readonly Diagnosis[] {
  return diagnosesOf(readFileSync(join(DOUBTFUL, `${name}.yml`), 'utf8'));
}

/** One line each: what a person reads, with the spelling that was probably meant. */
export function diagnosisLines(diagnoses: readonly Diagnosis[]): string {
  const lines = diagnoses.map(
    ({ line, column, severity, rule, message }) =>
      `${line}:${column}: ${severity}: ${message} [${rule}]`,
  );
  return `${lines.join('\n')}\n`;
}
