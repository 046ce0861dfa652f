import type { Folder } from '../../forge/contents.ts';
import { namesToldBy } from '../../language/dialects/read-source.ts';
import { LAYER_FILES, LAYER_NAME } from '../../language/dialects/workflow-name.ts';
import type { BrokenFile } from '../../language/folder/workflow-folder.ts';
import { CONFIG_FILE } from '../../language/native/parse/parse-repository-config.ts';
import type { Problem } from '../../language/problems/problem.ts';

type Skipped = Folder['skipped'][number];

const WHY: Readonly<Record<Skipped['reason'], string>> = {
  'not-a-file': 'it is a link or a submodule; only plain files are read',
  'not-text': 'it is not UTF-8 text',
  'too-large': 'it, or everything together, is too large',
  'too-many': 'there are too many files in the folder',
};

const WORKFLOW = /^workflows\/[^/]+\.(?:ya?ml|json|md)$/;
/** The repository's own replacements for shipped files of the layer. */
const OF_LAYER = /^(?:agentic-layer\/)?(?:gates|prompts|teams)\//;
/** Nothing else is read from the folder; a link without an extension may be one to a folder. */
const SOURCE = /(?:\.(?:ya?ml|json|md)|(?:^|\/)[^./]+)$/;

/** Files left out that make a workflow unusable, so that nothing else runs in its place. */
export function unreadWorkflows(folder: Folder, root: string): readonly BrokenFile[] {
  return folder.skipped.flatMap((skipped) => {
    const names = namesOf(skipped.path.slice(root.length + 1));
    return names.length === 0 ? [] : [{ names, problems: [problemOf(skipped)] }];
  });
}

/** Other files left out that may be needed: personas, prompts, and whatever else dialects read. */
export function unreadSources(folder: Folder, root: string): readonly Problem[] {
  const isElsewhere = ({ path }: Skipped) =>
    isWhole(path, root) || namesOf(path.slice(root.length + 1)).length > 0;
  return folder.skipped
    .filter((skipped) => SOURCE.test(skipped.path) && !isElsewhere(skipped))
    .map(problemOf);
}

function namesOf(file: string): readonly string[] {
  if (WORKFLOW.test(file)) return namesToldBy(file, {});
  return LAYER_FILES.test(file) || OF_LAYER.test(file) ? [LAYER_NAME] : [];
}

/** Files left out that may have contained settings, or any workflow at all. */
export function unreadSettings(folder: Folder, root: string): readonly Problem[] {
  return folder.skipped.filter(({ path }) => isWhole(path, root)).map(problemOf);
}

function isWhole(path: string, root: string): boolean {
  return [root, `${root}/workflows`, `${root}/${CONFIG_FILE}`].includes(path);
}

function problemOf({ path, reason }: Skipped): Problem {
  const message = `This cannot be read: ${WHY[reason]}.`;
  return { path, line: 1, column: 1, code: 'too-large', message };
}
