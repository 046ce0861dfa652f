import { engineOracle } from '../engine/simulate/engine-oracle.ts';
import { diagnoseFolder } from '../workflow/doctor/diagnose-folder.ts';
import type { Diagnosis } from '../workflow/doctor/diagnosis.ts';
import { compileDefinition, type Workflows } from './find-workflow.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** All the doctor has to say. Teams and the repository's other files are not looked up. */
export function examineWorkflows(
  deps: WebhookDeps,
  { own, commit }: Pick<Workflows, 'own' | 'commit'>,
): readonly Diagnosis[] {
  return diagnoseFolder({
    own,
    files: own.files,
    prefix: `${deps.settings.folder}/`,
    compile: (definition) => compileDefinition(deps, own, commit, definition),
    oracle: engineOracle,
    around: { teams: null, hasFile: null },
  });
}
