import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '#test/support/eventually.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { type DatabaseKind, DATABASE_KINDS } from '#test/support/database.ts';
import { startPostgres } from '#test/support/postgres.ts';
import type { Scenario } from '#test/support/scripted/scenario.ts';
import { makeHome, spawnSluice } from '#test/support/sluice.ts';
import { processCount } from '../measure/process-tree.ts';

/** The application as a process of its own, in front of a local GitHub in this one. */
export interface BenchApp {
  readonly github: LocalGitHub;
  readonly pid: number;
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
  const count = processCount(app.pid);
  return {
    github,
    pid: app.pid,
    logFile: join(home.dir, 'sluice.log'),
    async play(workflow, state = 'done') {
      const { number } = await github.as('bob').createIssue({ title: `Bench ${workflow}` });
      const started = performance.now();
      await github.as('bob').label(number, `sluice:${workflow}`);
      while (!github.labels(number).includes(`sluice:${state}`)) {
        if (github.labels(number).includes('sluice:failed'))
          throw new Error(`the run of ${workflow} failed; see ${home.dir}/sluice.log`);
        if (performance.now() - started > NO_END_MS) throw new Error('a run never ended');
        await sleep(2);
      }
      return { issue: number, wallMs: performance.now() - started };
    },
    async settled() {
      await github.idle();
      await eventually('the agents to end', () => processCount(app.pid) <= count, NO_END_MS);
      await sleep(200);
    },
    async close() {
      await app.stop();
      await postgres?.stop();
      await github.close();
      await home.remove();
    },
  };
}

function filesOf(workflows: BenchAppOptions['workflows']): Record<string, string> {
  const own = Object.entries(workflows).map(([name, text]): [string, string] => [
    `.github/sluice/workflows/${name}.yml`,
    text,
  ]);
  return { 'README.md': '# bench\n', ...Object.fromEntries(own) };
}
