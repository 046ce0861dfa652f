import type { Octokit, RepositoryName } from './client.ts';

export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
  readonly rawDetails: string | null;
}

const PER_REQUEST = 50;
const MOST = 200;

/**
 * Adds the annotations a check run does not have yet. GitHub only ever appends, so the list must be
 * the same, in the same order, on every call for this check run.
 */
export async function appendAnnotations(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  checkRunId: number,
  annotations: readonly Annotation[],
): Promise<void> {
  const wanted = annotations.slice(0, MOST);
  for (;;) {
    const { data } = await octokit.rest.checks.get({ owner, repo, check_run_id: checkRunId });
    const { annotations_count: present, title, summary } = data.output;
    const batch = wanted.slice(present, present + PER_REQUEST);
    if (batch.length === 0) return;
    await octokit.rest.checks.update({
      owner,
      repo,
      check_run_id: checkRunId,
      output: {
        title: title ?? '',
        summary: summary ?? '',
        ...(data.output.text !== null && { text: data.output.text }),
        annotations: batch.map(bodyFor),
      },
      // Sent twice, it would show up twice.
      request: { repeatable: false },
    });
  }
}

function bodyFor(annotation: Annotation) {
  return {
    path: annotation.path,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    ...(annotation.rawDetails !== null && { raw_details: annotation.rawDetails }),
  };
}
