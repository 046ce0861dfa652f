import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { AppError } from '../../errors.ts';
import { Catalog } from './catalog-schema.ts';

interface CatalogProblem {
  line: number;
  column: number;
  message: string;
}

export type ParsedCatalog = { catalog: Catalog } | { problems: CatalogProblem[] };

class CatalogError extends AppError {
  readonly problems: readonly CatalogProblem[];

  constructor(file: string, problems: readonly CatalogProblem[]) {
    const list = problems.map(
      (problem) => `${file}:${problem.line}:${problem.column} ${problem.message}`,
    );
    super('invalid-catalog', `The agent catalog cannot be used.\n${list.join('\n')}`);
    this.problems = problems;
  }
}

/** Reads agents.yaml and throws one error that names every problem in it. */
export async function readCatalog(file: string): Promise<Catalog> {
  const parsed = parseCatalog(await readFile(file, 'utf8'));
  if ('problems' in parsed) throw new CatalogError(file, parsed.problems);
  return parsed.catalog;
}

/** Parses the text of agents.yaml into a catalog, or into all its problems in file order. */
export function parseCatalog(text: string): ParsedCatalog {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return { problems: document.errors.map((error) => at(lines, error.pos[0], error.message)) };
  }
  const parsed = Catalog.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (parsed.success) return { catalog: parsed.data };

  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, document, lines));
  return { problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  document: Document,
  lines: LineCounter,
): CatalogProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const message = `${[...issue.path, key].join('.')} is not a known key`;
      return at(lines, offsetOf(document, [...issue.path, key]), message);
    });
  }
  const name = issue.path.length === 0 ? 'the file' : issue.path.join('.');
  return [at(lines, offsetOf(document, issue.path), `${name}: ${issue.message}`)];
}

/** The place of the key if there is one, else of the value, else of the nearest parent. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(last),
      );
      if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}

function at(lines: LineCounter, offset: number, message: string): CatalogProblem {
  const { line, col } = lines.linePos(offset);
  return { line, column: col, message };
}
