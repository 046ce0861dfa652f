import {
  type ParseOptions,
  type ParseResult,
  parseNative,
} from '#src/language/native/parse/parse.ts';
import { sortProblems } from '#src/language/problems/problem.ts';
import { readYaml } from '#src/language/problems/read-yaml.ts';

/** Reads the text of a native workflow file: its definition, or every problem it has. */
export function parseText(text: string, options: ParseOptions): ParseResult {
  const file = readYaml(text, options.path);
  return file.ok
    ? parseNative(file, options)
    : { ok: false, problems: sortProblems(file.problems) };
}
