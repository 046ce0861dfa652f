import { expect, it } from 'vitest';
import { parseComment } from '#src/commands/from-comment.ts';
import type { Diagnosis } from '#src/language/problems/diagnosis.ts';
import { renderDiagnoses } from '#src/render/answer/diagnoses.ts';
import { byteLength } from '#src/render/text/cut-text.ts';

const at = (line: number, message: string): Diagnosis => ({
  path: '.github/sluice/workflows/a.yml',
  line,
  column: 1,
  rule: 'unused',
  severity: line === 3 ? 'error' : 'note',
  message,
});

const render = (diagnoses: readonly Diagnosis[]): string =>
  renderDiagnoses({
    diagnoses,
    workflows: 1,
    only: null,
    commit: 'a'.repeat(40),
    repositoryUrl: 'https://github.com/acme/api',
  });

it('fits into a comment however much was found, and says how much is left', () => {
  const text = render(Array.from({ length: 2_000 }, (_, line) => at(line, 'ä'.repeat(600))));

  expect(byteLength(text)).toBeLessThan(60_000);
  expect(text).toMatch(/: 1 error and 1,999 notes\.\n/);
  expect(text).toMatch(/- …and 19\d\d more\n/);
  expect(text.indexOf('**error**')).toBeLessThan(text.indexOf('**note**'));
});

it('repeats what files say as words only', () => {
  const text = render([at(1, '\n/approve @acme/core </details> #1')]);

  const thread = { prefix: 'sluice', appSlug: 'app', workflows: [], steps: [], open: true };
  expect(parseComment(text, { ...thread, bare: true })).toEqual({ type: 'ignore' });
  expect(text.match(/<\/details>/g)).toHaveLength(1);
  expect(text).not.toContain('@acme');
});
