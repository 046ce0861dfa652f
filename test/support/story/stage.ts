import { handles } from '#src/app.ts';
import type { Running } from '#src/start.ts';
import { eventually } from '../eventually.ts';
import { type LocalGitHub, startLocalGitHub } from '../github/local-github.ts';
import type { Comment, Issue } from '../github/model.ts';
import type { ScriptEntry } from '../scripted/scenario.ts';
import type { ScriptedOptions } from '../scripted-catalog.ts';
import { makeHome, startHere, type TestHome } from '../sluice.ts';
import { ownComments } from './gates.ts';
import { type Journal, openJournal } from './journal.ts';

export interface StageOptions {
  /** Workflows of the repository: file name without `.yml` -> YAML. */
  readonly workflows?: Readonly<Record<string, string>>;
  /** Further files of the repository's first commit. */
  readonly files?: Readonly<Record<string, string>>;
  /** What the scripted agent does; anything else is answered with one sentence. */
  readonly prompts?: readonly ScriptEntry[];
  readonly agent?: Omit<ScriptedOptions, 'scenario' | 'state'>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A local GitHub with the application in front of it, shared by the tests of one file. */
export interface Stage {
  readonly github: LocalGitHub;
  readonly home: TestHome;
  readonly journal: Journal;
  readonly running: Running;
  /** Resolves when everything GitHub has delivered so far was handled, and what that led to was answered. */
  calm(): Promise<void>;
  /** Everything the app has answered on a thread, as it stands when all that was said has been worked through. */
  answers(issue: number): Promise<string[]>;
  /** An issue by bob, who may write. */
  issue(title: string, body?: string): Promise<Issue>;
  /** Says something as somebody and waits for the app's reaction to it. */
  say(login: string, issue: number, text: string): Promise<{ comment: Comment; reaction: string }>;
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const github = await startLocalGitHub({ files: filesOf(options) });
  const home = await makeHome({
    github,
    scenario: { prompts: [...(options.prompts ?? []), ...ANYTHING] },
    ...(options.agent && { agent: options.agent }),
    ...(options.env && { env: options.env }),
  });
  const journal = openJournal();
  const running = await startHere(github, home, journal.log);
  const stage: Stage = {
    github,
    home,
    journal,
    running,
    async calm() {
      await github.idle();
      const taken = new Set(
        github.deliveries
          .filter(({ event, statusCode }) => statusCode === 202 && handles(event))
          .map(({ guid }) => guid),
      );
      await eventually('every delivery handled', () =>
        [...taken].every((guid) => journal.handled.has(guid)),
      );
    },
    async answers(issue) {
      await stage.calm();
      // Answers are posted in the order in which they were queued: this one is the last.
      const { number } = await stage.issue('Ask for the list of workflows');
      await github.as('alice').comment(number, '/sluice list');
      await eventually('an answer', async () => (await ownComments(github, number, 'answer'))[0]);
      return (await ownComments(github, issue, 'answer')).map(({ body }) => textOf(body));
    },
    issue: (title, body = 'Please.') => github.as('bob').createIssue({ title, body }),
    async say(login, issue, text) {
      const comment = await github.as(login).comment(issue, text);
      const reaction = await eventually(`a reaction to ${text}`, () =>
        github.reactions({ comment: comment.id }).find(({ user }) => user === 'sluice[bot]'),
      );
      return { comment, reaction: reaction.content };
    },
  };
  return stage;
}

export async function closeStage({ running, github, home }: Stage): Promise<void> {
  await running.stop();
  await github.close();
  await home.remove();
}

function filesOf({ workflows = {}, files = {} }: StageOptions): Record<string, string> {
  const own = Object.entries(workflows).map(([name, text]): [string, string] => [
    `.github/sluice/workflows/${name}.yml`,
    text,
  ]);
  return { 'README.md': '# demo\n\nA small repository.\n', ...files, ...Object.fromEntries(own) };
}

/** Without the hidden first line. */
function textOf(body: string): string {
  return body.slice(body.indexOf('\n') + 1);
}

const ANYTHING: readonly ScriptEntry[] = [
  { steps: [{ text: 'Nothing had to be changed.' }, { usage: { input: 1000, output: 20 } }] },
];
