import { type Document, isAlias, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { explainYaml } from './explain-yaml.ts';
import { Positions } from './positions.ts';
import type { Problem } from './problem.ts';

export interface YamlFile {
  readonly data: unknown;
  readonly positions: Positions;
}
export type YamlResult =
  | ({ readonly ok: true } & YamlFile)
  | { readonly ok: false; readonly problems: readonly Problem[] };

const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 40;
const MAX_ALIASES = 100;
const TOO_DEEP = 'the file is nested too deeply to be read.';
const TOO_DEEP_BY_ALIASES = `its aliases (*name) nest the file deeper than ${MAX_DEPTH} levels; write the values out.`;
/** Keys that mean something to JavaScript objects. No file needs them. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads one YAML 1.2 file into plain data, or lists everything that is wrong with it as YAML. */
export function readYaml(text: string, path: string): YamlResult {
  const size = new TextEncoder().encode(text).length;
  if (size > MAX_BYTES) {
    return failed(
      path,
      'too-large',
      `the file has ${size} bytes, more than the ${MAX_BYTES} allowed.`,
    );
  }
  const lines = new LineCounter();
  const document = parseSafely(text, lines);
  if (document === null) return failed(path, 'yaml', TOO_DEEP);
  const exhausted = document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted) return failed(path, 'yaml', TOO_DEEP);
  const problems = [
    ...explainYaml([...document.errors, ...document.warnings], text, lines, path),
    ...structureProblems(document, lines, path),
  ];
  if (problems.length > 0) return { ok: false, problems };
  if (document.contents === null) return failed(path, 'yaml', 'the file is empty.');
  return convert(document, text, lines, path);
}

function failed(path: string, code: Problem['code'], message: string): YamlResult {
  return { ok: false, problems: [{ path, line: 1, column: 1, code, message }] };
}

function parseSafely(text: string, lineCounter: LineCounter): Document | null {
  try {
    return parseDocument(text, {
      version: '1.2',
      lineCounter,
      prettyErrors: false,
      logLevel: 'error',
    });
  } catch (error) {
    // The composer recurses; only depth can exhaust its stack.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function convert(document: Document, text: string, lines: LineCounter, path: string): YamlResult {
  try {
    const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (isDeeper(data, MAX_DEPTH)) return failed(path, 'yaml', TOO_DEEP_BY_ALIASES);
    return { ok: true, data, positions: new Positions(document.contents, text, lines) };
  } catch (error) {
    if (error instanceof RangeError) return failed(path, 'yaml', TOO_DEEP_BY_ALIASES);
    // toJS throws only for aliases: too many of them, or one that names no anchor.
    if (!(error instanceof ReferenceError)) throw error;
    return failed(
      path,
      'yaml',
      'the file repeats itself through too many aliases (*name); write the values out.',
    );
  }
}

/** Aliases can nest what looks flat on paper. */
function isDeeper(data: unknown, levels: number): boolean {
  if (typeof data !== 'object' || data === null) return false;
  return levels === 0 || Object.values(data).some((value) => isDeeper(value, levels - 1));
}

/** What YAML allows and a workflow file does not. */
function structureProblems(
  document: Document,
  lines: LineCounter,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (offset: number, message: string): void => {
    const at = lines.linePos(offset);
    problems.push({ path, line: at.line, column: at.col, code: 'yaml', message });
  };
  visit(document, {
    Pair: (_, pair) => {
      if (!isScalar(pair.key)) return;
      const key = String(pair.key.value);
      const offset = pair.key.range?.[0] ?? 0;
      if (FORBIDDEN_KEYS.has(key)) add(offset, `\`${key}\` cannot be a key.`);
      if (key === '<<') add(offset, 'merge keys (<<) are not YAML 1.2; write the keys out.');
    },
    Collection: (_, node, ancestors) => {
      if (ancestors.length < MAX_DEPTH * 2) return undefined;
      add(node.range?.[0] ?? 0, `nested deeper than ${MAX_DEPTH} levels.`);
      return visit.SKIP;
    },
    Alias: (_, node, ancestors) => {
      const meant = isAlias(node) ? node.resolve(document) : undefined;
      const at = node.range?.[0] ?? 0;
      if (meant === undefined) add(at, 'this alias (*name) names no anchor (&name) above it.');
      else if (ancestors.includes(meant)) {
        add(at, 'this alias (*name) stands inside the very value it names (&name).');
      }
    },
  });
  return problems;
}
