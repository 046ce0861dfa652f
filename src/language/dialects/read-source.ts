import { sortProblems } from '../problems/problem.ts';
import { readYaml } from '../problems/read-yaml.ts';
import type { Reading, SourceBody, SourceFolder } from './dialect.ts';
import { readerFor } from './dialects.ts';
import { splitMarkdown } from './split-markdown.ts';
import { LAYER_FILES, LAYER_NAME, nameOfFile, workflowName } from './workflow-name.ts';

/** Files of a folder that may contain workflows, in the order of their names. */
export function sourceFiles(
  files: Readonly<Record<string, string>>,
  workflows: string,
): readonly string[] {
  return Object.keys(files)
    .filter((file) => isSource(file, files[file] ?? '', workflows))
    .toSorted((a, b) => (a < b ? -1 : Number(a > b)));
}

const MAX_NAMES = 100;

/** Names that the workflows of a file may have, whether or not the file is sound. */
export function namesToldBy(
  file: string,
  files: Readonly<Record<string, string>>,
): readonly string[] {
  const text = files[file] ?? '';
  const told = [
    ...text.matchAll(/(?:^name|(?:^|[{,])\s*"?workflow_name"?)\s*:\s*["']?([^"'\n#,]+)/gm),
  ]
    .slice(0, MAX_NAMES)
    .flatMap(([, name = '']) => workflowName(name.trim()) ?? []);
  const usual = LAYER_FILES.test(file) ? LAYER_NAME : nameOfFile(file);
  return [...new Set([...told, ...(usual === null ? [] : [usual])])];
}

function isSource(file: string, text: string, workflows: string): boolean {
  if (LAYER_FILES.test(file)) return true;
  const name = file.startsWith(workflows) ? file.slice(workflows.length) : '/';
  if (/^[^/]+\.ya?ml$/.test(name)) return true;
  // What else is beside workflows is examined before it is taken for one.
  if (/^[^/]+\.json$/.test(name)) return /"steps"\s*:/.test(text);
  return /^[^/]+\.md$/.test(name) && isUnit(text);
}

function isUnit(text: string): boolean {
  const parts = splitMarkdown(text);
  return parts !== null && /^(?:workflow_name|steps)\s*:/m.test(parts.front);
}

/** Reads the workflows of one file, whatever its language. */
export function readSource(file: string, folder: SourceFolder): Reading {
  const path = folder.prefix + file;
  const text = folder.files[file] ?? '';
  const parts = file.endsWith('.md') ? splitMarkdown(text) : null;
  const body: SourceBody | null =
    parts === null ? null : { text: parts.body, line: parts.bodyLine };
  const yaml = readYaml(parts === null ? text : `\n${parts.front}`, path);
  if (!yaml.ok) return { definitions: [], problems: sortProblems(yaml.problems) };
  const { data, positions } = yaml;
  const read = readerFor(data).read({ path, file, data, positions, body, folder });
  return { ...read, problems: sortProblems(read.problems) };
}
