import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pino from 'pino';
import type { Running } from '#src/start.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { makeHome, startHere, type TestHome } from '#test/support/sluice.ts';
import { featureScenario, STORY_FILES } from '#test/support/story/feature-scenario.ts';
import { assertToldOnce, playFeature } from '#test/support/story/play-feature.ts';
import { playSecondThoughts } from './second-thoughts.ts';

const STEP_MS = 350;
/** The same each time, so that a page left open in the browser goes on working. */
const PORT = 4700;
const leave = process.argv.includes('--exit');
const started = performance.now();

/** Plays the story on a local GitHub, and then leaves everything running to look at and to try by hand. */
async function main(): Promise<void> {
  console.log('\nSluice, on a GitHub of its own: no account, no network, a scripted agent.\n');
  const github = await startLocalGitHub({
    port: leave || !(await isFree(PORT)) ? 0 : PORT,
    files: { ...STORY_FILES },
  });
  const scenario = featureScenario({ delayMs: STEP_MS });
  const env = { SLUICE_EDIT_INTERVAL_MS: '500', SLUICE_GITHUB_WRITE_INTERVAL_MS: '0' };
  const home = await makeHome({ github, scenario, env, firstStart: true });
  const logFile = join(home.dir, 'sluice.log');
  say('a local GitHub is up; Sluice starts, and its embedded database takes a few seconds');
  const running = await startHere(
    github,
    home,
    pino({ level: 'info' }, createWriteStream(logFile)),
  );
  const stop = async () => close(running, github, home);
  process.once('SIGINT', () => void stop().then(() => process.exit(0)));

  say(`ready: watch ${github.url}/acme/demo/issues/1`);
  try {
    const story = await playFeature(github, { say });
    await assertToldOnce(github, story);
    await github.as('alice').merge(story.pull);
    say(`alice merges pull request #${story.pull}`);
    await playSecondThoughts(github, say);
  } catch (error) {
    say(`the story went wrong: ${error instanceof Error ? error.message : String(error)}`);
    say(`the log is ${logFile}`);
    process.exitCode = 1;
    // With its servers open the process would never end by itself, and its log is worth keeping.
    return leave ? process.exit() : hold(github, logFile);
  }
  say('the whole story held');
  if (leave) return stop();
  hold(github, logFile);
}

/** The servers keep the process alive; Ctrl-C ends it. */
function hold(github: LocalGitHub, logFile: string): void {
  console.log(`
Everything is still running. Look around, and try it by hand:

  ${github.url}/acme/demo/issues/1   the issue: run comment, gates, what was replied
  ${github.url}/acme/demo/pull/2     the pull request: commits, diff, check run with its buttons
  ${github.url}/acme/demo/issues     open a new issue, label it sluice:feature, and decide at its gates yourself

Choose who you are at the top of each page: bob may write, rita may only read. /sluice help in a comment says more.
The log is ${logFile}. Ctrl-C ends everything; nothing is kept.
`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => {
      server.close();
      return true;
    },
    () => false,
  );
}

async function close(running: Running, github: LocalGitHub, home: TestHome): Promise<void> {
  await running.stop();
  await github.close();
  await home.remove();
}

function say(what: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  console.log(`${seconds} s  ${what}`);
}

await main();
