import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  DOUBTFUL,
  diagnosesIn,
  diagnosisLines,
  doubtfulFiles,
} from '#test/support/language/doubtful-corpus.ts';

describe('a workflow that can be read but not be meant', () => {
  it.each(doubtfulFiles())('%s gets exactly the diagnoses written beside it', (name) => {
    const lines = diagnosisLines(diagnosesIn(name));

    expect(lines).toBe(readFileSync(join(DOUBTFUL, `${name}.txt`), 'utf8'));
  });
});
