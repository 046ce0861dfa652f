import type { Folder } from '../github/contents.ts';
import { namesToldBy } from '../workflow/dialects/read-source.ts';
import { CONFIG_FILE } from '../workflow/parse-repository-config.ts';
import type { Problem } from '../workflow/problem.ts';
import type { BrokenFile } from '../workflow/workflow-folder.ts';

type Skipped = Folder['skipped'][number];

const WHY: Readonly<Record<Skipped['reason'], string>> = {
  'not-a-file': 'it is a link or a submodule; only plain files are read',
  'not-text': 'it is not UTF-8 text',
  'too-large': 'it, or everything together, is too large',
  'too-many': 'there are too many files in the folder',
};

const WORKFLOW = /^workflows\/[^/]+\.(?:ya?ml|json|md)$/;

/** Workflow files that were left out, so that nothing else runs in their place. */
export function unreadWorkflows(folder: Folder, root: string): readonly BrokenFile[] {
  return folder.skipped.flatMap((skipped) => {
    const file = skipped.path.slice(root.length + 1);
    if (!WORKFLOW.test(file)) return [];
    return [{ names: namesToldBy(file, {}), problems: [problemOf(skipped)] }];
  });
}

/** What was left out and may have held settings, or any workflow at all. */
export function unreadSettings(folder: Folder, root: string): readonly Problem[] {
  const whole = [root, `${root}/workflows`, `${root}/${CONFIG_FILE}`];
  return folder.skipped.filter(({ path }) => whole.includes(path)).map(problemOf);
}

function problemOf({ path, reason }: Skipped): Problem {
  const message = `This cannot be read: ${WHY[reason]}.`;
  return { path, line: 1, column: 1, code: 'too-large', message };
}
