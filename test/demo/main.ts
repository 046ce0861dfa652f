import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import type { Running } from '#src/start.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { makeHome, startHere, type TestHome } from '#test/support/sluice.ts';
import { featureScenario, STORY_FILES } from '#test/support/story/feature-scenario.ts';
import { assertToldOnce, playFeature } from '#test/support/story/play-feature.ts';
import { playSecondThoughts } from './second-thoughts.ts';

const STEP_MS = 350;
const leave = process.argv.includes('--exit');
const started = performance.now();

/** Plays the story on a local GitHub, and then leaves everything running to look at and to try by hand. */
async function main(): Promise<void> {
  console.log('\nSluice, on a GitHub of its own: no account, no network, a scripted agent.\n');
  const github = await startLocalGitHub({
    port: leave ? 0 : 4700,
    files: { ...STORY_FILES },
  });
  const scenario = featureScenario({ delayMs: STEP_MS });
  const env = { SLUICE_EDIT_INTERVAL_MS: '500', SLUICE_GITHUB_WRITE_INTERVAL_MS: '0' };
  const home = await makeHome({ github, scenario, env });
  const logFile = join(home.dir, 'sluice.log');
  const running = await startHere(
    github,
    home,
    pino({ level: 'info' }, createWriteStream(logFile)),
  );
  const stop = async () => close(running, github, home);
  process.once('SIGINT', () => void stop().then(() => process.exit(0)));

  say(`GitHub is at ${github.url}; watch the issue at ${github.url}/acme/demo/issues/1`);
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
    return leave ? undefined : hold(github, logFile);
  }
  say('the whole story held');
  if (leave) return stop();
  hold(github, logFile);
}

/** The servers keep the process alive; Ctrl-C ends it. */
function hold(github: LocalGitHub, logFile: string): void {
  console.log(`
Everything is still running. Look around, and try it by hand:

  ${github.url}/acme/demo/issues/1   the issue: run comment, gates, commands
  ${github.url}/acme/demo/pull/2     the pull request: commits, diff, check run with its buttons
  ${github.url}/acme/demo/issues     open a new issue, then label it, for example sluice:tdd or sluice:code-review

Choose who you are at the top of each page: bob may write, rita may only read.
The log is ${logFile}. Ctrl-C ends everything; nothing is kept.
`);
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
