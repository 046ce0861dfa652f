import type { Item, ThreadComment } from '../../forge/items.ts';
import type { ContextRules } from '../../plan/plan.ts';
import { type TaskComment, taskText } from '../../render/prompt/task-text.ts';
import { knownAuthors } from './known-authors.ts';
import type { StartRequest } from './start-request.ts';

export interface Task {
  readonly task: string;
  /** The item itself was written by somebody whose text the workflow does not read. */
  readonly withheld: boolean;
}

const MOST_COMMENTS = 100;

/** What the agents are asked to do: the starter's words, else the item as written; or why nothing may be read. */
export async function readTask(
  request: StartRequest,
  issue: Item,
  rules: ContextRules | undefined,
  prefix: string,
): Promise<Task | string> {
  const { command, actor } = request;
  if (rules === undefined) return { task: command.task ?? textOf(issue, true), withheld: false };
  const isKnown = knownAuthors(request, rules.minIntegrity);
  const withheld = !(await isKnown(issue.author ?? 'ghost'));
  const own = withheld ? null : textOf(issue, rules.include.includes('body'));
  const said = command.task !== null && (await isKnown(actor.login)) ? command.task : own;
  if (said === null)
    return `it reads only text of people with ${NEEDS[rules.minIntegrity]}, and this is by somebody else. One of them can say the task: \`/${prefix} run ${command.workflow} <task>\``;
  const comments = rules.include.includes('comments')
    ? await readComments(request, isKnown, prefix)
    : { read: [], leftOut: 0 };
  const parts = { said, comments: comments.read, leftOut: comments.leftOut };
  return { task: taskText(parts, rules.maxBytes), withheld };
}

const NEEDS: Readonly<Record<ContextRules['minIntegrity'], string>> = {
  write: 'write access',
  'read-known': 'write access or a merged pull request',
  any: 'an account',
};

/** What known people said before the start; commands and our own comments do not count as text. */
async function readComments(
  { forge, number, trigger }: StartRequest,
  isKnown: (login: string) => Promise<boolean>,
  prefix: string,
): Promise<{ readonly read: readonly TaskComment[]; readonly leftOut: number }> {
  const all = await forge.listLatestComments(number, MOST_COMMENTS);
  const isText = ({ id, byBot, body }: ThreadComment): boolean =>
    !byBot &&
    (trigger.commentId === null || id < trigger.commentId) &&
    !body.trimStart().toLowerCase().startsWith(`/${prefix.toLowerCase()}`);
  const read: TaskComment[] = [];
  let leftOut = 0;
  for (const comment of all.filter(isText)) {
    if (await isKnown(comment.author)) read.push(comment);
    else leftOut += 1;
  }
  return { read, leftOut };
}

function textOf(issue: Item, withBody: boolean): string {
  return (withBody ? `${issue.title}\n\n${issue.body}` : issue.title).trim();
}
