import { diagnoseFolder } from '../../doctor/diagnose-folder.ts';
import type { Diagnosis } from '../../language/problems/diagnosis.ts';
import type { LibraryDeps } from '../verb-deps.ts';
import { compileDefinition, type Workflows } from './find-workflow.ts';

/** Everything the doctor has to say. Teams and the repository's other files are not looked up. */
export function examineWorkflows(
  deps: LibraryDeps,
  { own, commit }: Pick<Workflows, 'own' | 'commit'>,
): readonly Diagnosis[] {
  return diagnoseFolder({
    own,
    files: own.files,
    prefix: `${deps.settings.folder}/`,
    compile: (definition) => compileDefinition(deps, own, commit, definition),
    around: { teams: null, hasFile: null },
  });
}
