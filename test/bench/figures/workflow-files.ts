import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { readWorkflowFolder } from '#src/language/folder/workflow-folder.ts';
import { compileWorkflow } from '#src/language/native/compile/compile.ts';
import type { Effort, Figure } from '../measure/figure.ts';
import { median } from '../measure/statistics.ts';

const FOLDER = join(import.meta.dirname, '../../../workflows');
const FILES = 100;

/** Reads, checks and compiles a folder of a hundred workflows: copies of those that come with the application. */
export function measureWorkflowFiles(effort: Effort): Promise<Figure[]> {
  effort.say(`${FILES} workflow files`);
  const rounds = effort.quick ? 3 : 15;
  const files = manyWorkflows();
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    compileAll(files);
    return performance.now() - started;
  });
  const [first = Number.NaN, ...later] = times;
  const note = `copies of the built-in workflows, prompts and personas included; files already in memory`;
  return Promise.resolve([
    {
      name: 'workflow-files.cold',
      value: first,
      unit: 'ms',
      n: 1,
      note: `in a fresh process; ${note}`,
    },
    { name: 'workflow-files.warm', value: median(later), unit: 'ms', n: later.length, note },
  ]);
}

function compileAll(files: Readonly<Record<string, string>>): void {
  const folder = readWorkflowFolder(files, { prefix: 'workflows/', workflows: '' });
  if (folder.definitions.size !== FILES) throw new Error('a workflow was not read');
  const workflowNames = [...folder.definitions.keys()];
  for (const definition of folder.definitions.values()) {
    const compiled = compileWorkflow(definition, {
      resolve: (name) => folder.definitions.get(name),
      workflowNames,
      personas: folder.personas,
      source: { origin: 'built-in', path: definition.path, commit: null, digest: '' },
    });
    if (!compiled.ok) {
      const [problem] = compiled.problems;
      throw new Error(`${definition.path} does not compile: ${problem?.message ?? ''}`);
    }
  }
}

function manyWorkflows(): Record<string, string> {
  const entries = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path): [string, string] => [
      path.slice(FOLDER.length + 1).replaceAll(sep, '/'),
      readFileSync(path, 'utf8'),
    ]);
  // A layer is one workflow in many files, and is always there once.
  const isLayer = ([path]: [string, string]) => path.startsWith('agentic-layer/');
  const isWorkflow = ([path]: [string, string]) => /^[^/]+\.yml$/.test(path);
  const workflows = entries.filter(isWorkflow);
  const copies = Array.from({ length: FILES }, (_, copy): [string, string] => {
    const [path, text] = workflows[copy % workflows.length] ?? ['', ''];
    // The first of each keeps its name: others call it.
    if (copy < workflows.length) return [path, text];
    return [`${copy}-${path}`, text.replace(/^name: .*$/m, `name: copy-${copy}`)];
  });
  const others = entries.filter((entry) => !isWorkflow(entry) && !isLayer(entry));
  return Object.fromEntries([...others, ...copies]);
}
