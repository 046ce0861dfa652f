import type { Persona } from '../../../plan/plan.ts';
import { type Problem, sortProblems } from '../../problems/problem.ts';
import { readYaml } from '../../problems/read-yaml.ts';
import { PersonaFront } from '../schema/persona-file.ts';
import { explainIssues } from './explain-issues.ts';

export type PersonaResult =
  | { readonly ok: true; readonly persona: Persona }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const MAX_CHARS = 100_000;

/** Reads a persona file: YAML between two `---` lines, then the system prompt in Markdown. */
export function parsePersona(text: string, path: string): PersonaResult {
  const parts = /^---[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text);
  if (parts === null) {
    return failed(
      path,
      'a persona file starts with `---`, its name and description as YAML, and `---`.',
    );
  }
  const [, front = '', body = ''] = parts;
  if (body.trim() === '')
    return failed(path, 'the system prompt below the second `---` is missing.');
  if (body.length > MAX_CHARS)
    return failed(path, `the system prompt is longer than ${MAX_CHARS} characters.`);
  // One empty line stands in for the first `---`, so that line numbers match those of the file.
  const yaml = readYaml(`\n${front}`, path);
  if (!yaml.ok) return { ok: false, problems: sortProblems(yaml.problems) };
  const parsed = PersonaFront.safeParse(yaml.data);
  if (!parsed.success) {
    const source = { path, noun: 'persona', schema: PersonaFront, ...yaml, foreignKeys: {} };
    return { ok: false, problems: sortProblems(explainIssues(parsed.error.issues, source)) };
  }
  const { name, description, model, access } = parsed.data;
  return {
    ok: true,
    persona: {
      name,
      description,
      systemPrompt: body.trim(),
      model: model ?? null,
      access: access ?? null,
    },
  };
}

function failed(path: string, message: string): PersonaResult {
  return { ok: false, problems: [{ path, line: 1, column: 1, code: 'yaml', message }] };
}
