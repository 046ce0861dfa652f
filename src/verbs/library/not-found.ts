import type { RepositoryContext } from '../../engine/state/run-context.ts';
import { renderUnknownWorkflow } from '../../render/answer/answer.ts';
import { renderProblems } from '../../render/answer/problems-comment.ts';
import { renderElsewhere, renderSeveralWorkflows } from '../../render/answer/start-elsewhere.ts';
import type { FoundWorkflow } from './find-workflow.ts';

export type Startable = Extract<FoundWorkflow, { type: 'found' }>;

/** Why there is nothing to start by that name. */
export function renderNotFound(
  workflow: string,
  found: Exclude<FoundWorkflow, Startable>,
  { prefix, repository }: { readonly prefix: string; readonly repository: RepositoryContext },
): string {
  switch (found.type) {
    case 'elsewhere':
      return renderElsewhere(found.spec, prefix);
    case 'several':
      return renderSeveralWorkflows(workflow, found.names);
    case 'unknown':
      return renderUnknownWorkflow(workflow, found.suggestion, prefix);
    case 'broken': {
      const { problems, commit } = found;
      return renderProblems({ workflow, problems, commit, repositoryUrl: repository.htmlUrl });
    }
  }
}
