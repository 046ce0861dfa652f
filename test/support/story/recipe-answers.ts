/** A task as the decomposer of a work plan names it. */
export const task = (id: string, depends_on: readonly string[] = []) => ({
  id,
  file: `docs/plans/tasks/task-${id}.md`,
  title: `Task ${id}`,
  layer: 'backend',
  depends_on,
});

/** What the executor of a task reports. */
export const executed = (summary: string) => ({
  status: 'completed',
  escalation_type: null,
  filesModified: [],
  requiresTestReview: false,
  changeSummary: summary,
});
