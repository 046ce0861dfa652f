import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileWorkflow } from '#src/language/native/compile/compile.ts';
import type { WorkflowDefinition } from '#src/language/native/syntax/definition.ts';
import type { Problem } from '#src/language/problems/problem.ts';
import { parseText } from '#test/support/language/parse-text.ts';
import { personas } from './builders.ts';

export const BROKEN = join(import.meta.dirname, '../../fixtures/broken');

/** Names of the files of the corpus, without their ending. */
export function brokenFiles(): readonly string[] {
  return readdirSync(BROKEN)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => file.slice(0, -'.yml'.length));
}

/** Everything that is said about one file of the corpus, whether at parsing or at compiling. */
export function problemsOf(name: string): readonly Problem[] {
  const parsed = parse(join(BROKEN, `${name}.yml`), `${name}.yml`);
  if (!parsed.ok) return parsed.problems;
  const compiled = compileWorkflow(parsed.definition, {
    resolve: callee,
    workflowNames: ['callee', 'trip', 'round'],
    personas,
    source: { origin: 'repository', path: `${name}.yml`, commit: null, digest: '' },
  });
  return compiled.ok ? [] : compiled.problems;
}

function parse(file: string, path: string) {
  return parseText(readFileSync(file, 'utf8'), { path, personas, readFile });
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(join(BROKEN, path), 'utf8');
  } catch {
    // Most of these files are missing on purpose.
    return undefined;
  }
}

function callee(name: string): WorkflowDefinition | undefined {
  const known = readdirSync(join(BROKEN, 'workflows'));
  if (!known.includes(`${name}.yml`)) return undefined;
  const parsed = parse(join(BROKEN, 'workflows', `${name}.yml`), `workflows/${name}.yml`);
  return parsed.ok ? parsed.definition : undefined;
}
