import type { LabelChange } from '../forge/items.ts';
import type { ItemName, Octokit, RepositoryName } from './client.ts';
import { isGitHubError, orNull } from './github-error.ts';

export interface LabelStyle {
  readonly name: string;
  /** Six hexadecimal digits, without `#`. */
  readonly color: string;
  readonly description: string;
}

/** Creates the label unless it exists; leaves an existing one as people styled it. */
export async function ensureLabel(
  octokit: Octokit,
  repository: RepositoryName,
  style: LabelStyle,
): Promise<void> {
  const { owner, repo } = repository;
  const known = await orNull(octokit.rest.issues.getLabel({ owner, repo, name: style.name }));
  if (known !== null) return;
  try {
    await octokit.rest.issues.createLabel({
      owner,
      repo,
      name: style.name,
      color: style.color,
      description: style.description,
      request: { repeatable: true },
    });
  } catch (error) {
    // Somebody else was faster.
    if (!isGitHubError(error, 'validation')) throw error;
  }
}

/** Brings an item's labels in line, others untouched. Reads first, so repeats send nothing. */
export async function changeLabels(
  octokit: Octokit,
  item: ItemName,
  change: LabelChange,
  options: { readonly urgent?: boolean } = {},
): Promise<'changed' | 'unchanged' | 'gone'> {
  const present = await orNull(readLabels(octokit, item));
  if (present === null) return 'gone';
  const add = change.add.filter((name) => !has(present, name));
  const remove = change.remove.filter((name) => has(present, name) && !has(change.add, name));
  const urgent = options.urgent ?? false;
  if (add.length > 0) await addLabels(octokit, item, add, urgent);
  for (const name of remove) await removeLabel(octokit, item, name, urgent);
  return add.length + remove.length > 0 ? 'changed' : 'unchanged';
}

async function readLabels(octokit: Octokit, item: ItemName): Promise<string[]> {
  // GitHub allows 100 labels on an item: one page holds them all.
  const { data } = await octokit.rest.issues.listLabelsOnIssue({
    owner: item.owner,
    repo: item.repo,
    issue_number: item.number,
    per_page: 100,
  });
  return data.map((label) => label.name);
}

async function addLabels(
  octokit: Octokit,
  item: ItemName,
  labels: string[],
  urgent: boolean,
): Promise<void> {
  await octokit.rest.issues.addLabels({
    owner: item.owner,
    repo: item.repo,
    issue_number: item.number,
    labels,
    request: { repeatable: true, urgent },
  });
}

async function removeLabel(
  octokit: Octokit,
  item: ItemName,
  name: string,
  urgent: boolean,
): Promise<void> {
  await orNull(
    octokit.rest.issues.removeLabel({
      owner: item.owner,
      repo: item.repo,
      issue_number: item.number,
      name,
      request: { urgent },
    }),
  );
}

/** Labels that differ only in case are the same label to GitHub. */
function has(labels: readonly string[], name: string): boolean {
  return labels.some((label) => label.toLowerCase() === name.toLowerCase());
}
