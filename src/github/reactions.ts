import type { ReactionContent, ReactionTarget } from '../forge/items.ts';
import type { Octokit, RepositoryName } from './client.ts';
import { isGitHubError } from './github-error.ts';

/** Reacts as the app; GitHub keeps one of each kind per person, so repeating it changes nothing. */
export async function addReaction(
  octokit: Octokit,
  repository: RepositoryName,
  target: ReactionTarget,
  content: ReactionContent,
  options: { readonly urgent?: boolean } = {},
): Promise<'added' | 'gone'> {
  const { owner, repo } = repository;
  try {
    const request = { repeatable: true, urgent: options.urgent ?? false } as const;
    await react(octokit, target, { owner, repo, content, request });
    return 'added';
  } catch (error) {
    if (isGitHubError(error, 'not-found')) return 'gone';
    throw error;
  }
}

interface Reaction {
  owner: string;
  repo: string;
  content: ReactionContent;
  request: { repeatable: true; urgent: boolean };
}

async function react(octokit: Octokit, target: ReactionTarget, reaction: Reaction): Promise<void> {
  const { reactions } = octokit.rest;
  switch (target.type) {
    case 'item':
      await reactions.createForIssue({ ...reaction, issue_number: target.number });
      return;
    case 'comment':
      await reactions.createForIssueComment({ ...reaction, comment_id: target.id });
      return;
    case 'node':
      await reactToNode(octokit, target.id, reaction);
      return;
  }
}

/** REST has no reactions to reviews. */
async function reactToNode(
  octokit: Octokit,
  nodeId: string,
  { content, request }: Reaction,
): Promise<void> {
  const mutation = `mutation($id: ID!, $content: ReactionContent!) {
    addReaction(input: { subjectId: $id, content: $content }) { clientMutationId }
  }`;
  await octokit.graphql(mutation, { id: nodeId, content: GRAPHQL_NAMES[content], request });
}

const GRAPHQL_NAMES: Readonly<Record<ReactionContent, string>> = {
  '+1': 'THUMBS_UP',
  '-1': 'THUMBS_DOWN',
  laugh: 'LAUGH',
  confused: 'CONFUSED',
  heart: 'HEART',
  hooray: 'HOORAY',
  rocket: 'ROCKET',
  eyes: 'EYES',
};
