import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE_KINDS, type DatabaseKind } from '#test/support/database.ts';
import { eventually } from '#test/support/eventually.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { startPostgres } from '#test/support/postgres.ts';
import type { Scenario } from '#test/support/scripted/scenario.ts';
import { makeHome, spawnSluice } from '#test/support/sluice.ts';
import { processCount } from '../measure/process-tree.ts';

/** The application as a process of its own, in front of a local GitHub in this one. */
export interface BenchApp {
  readonly github: LocalGitHub;
  readonly pid: number;
  readonly webhookUrl: string;
  readonly logFile: string;
  /** Starts a run by labelling a new issue and resolves when GitHub shows that it has come to `state`. */
  play(workflow: string, state?: 'done' | 'waiting'): Promise<Played>;
  /** Resolves when the agents of all runs have ended and nothing is left to do. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface Played {
  readonly issue: number;
  readonly wallMs: number;
}

export interface BenchAppOptions {
  readonly database: DatabaseKind;
  /** Workflows of the repository: file name without `.yml` -> YAML. */
  readonly workflows: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

const KINDS: Readonly<Record<DatabaseKind, string>> = {
  pglite: 'embedded PGlite',
  postgres: 'PostgreSQL, durable commits',
};

export { DATABASE_KINDS as DATABASES };
export function nameOf(database: DatabaseKind): string {
  return KINDS[database];
}

/** Edits are coalesced as they are by default; only the pauses GitHub asks for between writes are left out. */
const AS_SHIPPED = {
  SLUICE_COMMENT_DELAY_MS: '15000',
  SLUICE_EDIT_INTERVAL_MS: '5000',
  LOG_LEVEL: 'info',
};
const SCENARIO: Scenario = { prompts: [{ steps: [{ text: 'done' }] }] };
const PERSONA_FILE = '.github/sluice/personas/worker.md';
const PERSONA =
  '---\nname: Worker\ndescription: Works\naccess: readonly\n---\n\nYou are a worker.\n';
const NO_END_MS = 1_800_000;

export async function startBenchApp(options: BenchAppOptions): Promise<BenchApp> {
  const github = await startLocalGitHub({ files: filesOf(options.workflows) });
  const postgres = options.database === 'postgres' ? await startPostgres({ durable: true }) : null;
  const home = await makeHome({
    github,
    scenario: SCENARIO,
    databaseUrl: await postgres?.createDatabase(),
    env: { ...AS_SHIPPED, ...options.env },
  });
  const app = await spawnSluice(github, home);
  // Whatever ends this process, no application stays behind.
  const kill = () => void process.kill(app.pid, 'SIGKILL');
  process.once('exit', kill);
  const count = processCount(app.pid);
  return {
    github,
    pid: app.pid,
    webhookUrl: app.webhookUrl,
    logFile: join(home.dir, 'sluice.log'),
    async play(workflow, state = 'done') {
      const { number } = await github.as('bob').createIssue({ title: `Bench ${workflow}` });
      const started = performance.now();
      await github.as('bob').label(number, `sluice:${workflow}`);
      for (let labels = github.labels(number); !labels.includes(`sluice:${state}`); ) {
        const hasFailed = labels.length === 0 || labels.includes('sluice:failed');
        if (hasFailed || performance.now() - started > NO_END_MS)
          throw new Error(`${workflow} did not come to ${state}:\n${await thread(github, number)}`);
        await sleep(2);
        labels = github.labels(number);
      }
      return { issue: number, wallMs: performance.now() - started };
    },
    async settled() {
      await github.idle();
      await eventually('the agents to end', () => processCount(app.pid) <= count, NO_END_MS);
      await sleep(200);
    },
    async close() {
      process.off('exit', kill);
      await app.stop();
      await postgres?.stop();
      await github.close();
      await home.remove();
    },
  };
}

async function thread(github: LocalGitHub, issue: number): Promise<string> {
  return (await github.comments(issue)).map(({ body }) => body).join('\n\n');
}

function filesOf(workflows: BenchAppOptions['workflows']): Record<string, string> {
  const own = Object.entries(workflows).map(([name, text]): [string, string] => [
    `.github/sluice/workflows/${name}.yml`,
    text,
  ]);
  return { 'README.md': '# bench\n', [PERSONA_FILE]: PERSONA, ...Object.fromEntries(own) };
}
