import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { readWorkflowFolder } from '../language/folder/workflow-folder.ts';
import { builtinWorkflows, type Library } from './library.ts';
import { kindOfPath, readFiles } from './read-files.ts';

/** Folders beside a workflow file that may contain its texts. */
const BESIDE = ['prompts', 'personas', 'gates', 'tools', 'commands', 'skills', 'facets'];

/** A workflow file located anywhere, with what is beside it. */
export function openLoneFile(cwd: string, file: string): Library {
  const builtin = builtinWorkflows();
  const dir = dirname(file);
  const way = relative(cwd, dir).replaceAll('\\', '/');
  const prefix = way === '' ? '' : `${way}/`;
  const files = { [basename(file)]: readFileSync(file, 'utf8'), ...textsBeside(dir) };
  const { personas, files: defaults } = builtin;
  const own = readWorkflowFolder(files, { prefix, workflows: '', personas, defaults });
  return { repository: cwd, builtin, own, files: {}, prefix };
}

function textsBeside(dir: string): Readonly<Record<string, string>> {
  const texts = BESIDE.filter((name) => kindOfPath(join(dir, name)) === 'folder').flatMap((name) =>
    Object.entries(readFiles(join(dir, name))).map(([path, text]) => [`${name}/${path}`, text]),
  );
  return Object.fromEntries(texts);
}
