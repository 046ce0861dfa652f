import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Probot } from 'probot';
import { type Agents, createAgents } from './agents/agents.ts';
import { readCatalog } from './agents/catalog/catalog.ts';
import { SYSTEM_PATH } from './agents/launch/find-program.ts';
import { findSandbox } from './agents/launch/sandbox.ts';
import type { Config } from './config.ts';
import { findLostDeliveries, redeliver } from './github/deliveries.ts';
import { findBotId, readAppIdentity } from './github/installations.ts';
import type { GitHub } from './github/octokit.ts';
import { createRedeliverer } from './inbox/redeliver.ts';
import { keepWorktreesSwept } from './jobs/keep-worktrees-swept.ts';
import { registerJobs } from './jobs/register-jobs.ts';
import type { Queue } from './queue/queue.ts';
import { createSessions } from './steps/agent/sessions.ts';
import { type Commands, createCommands } from './steps/auto/commands.ts';
import { createTokens } from './steps/tokens.ts';
import { createWorktrees } from './steps/worktrees.ts';
import type { WebhookDeps } from './webhooks/webhook-deps.ts';
import { createKeyedLock } from './workspace/keyed-lock.ts';
import { createWorkspaces } from './workspace/workspaces.ts';

const ROOT = join(import.meta.dirname, '..');

/** The agent programs of the catalog, none of them started. */
export async function openAgents(config: Config, log: Logger): Promise<Agents> {
  return createAgents({
    catalog: await readCatalog(config.SLUICE_AGENTS_FILE ?? join(ROOT, 'agents.yaml')),
    secrets: config.secrets,
    sandbox: config.SLUICE_SANDBOX,
    homeRoot: join(config.dataDir, 'agents'),
    maxKept: config.SLUICE_KEPT_AGENTS,
    log,
  });
}

/** Commands are confined like agents: by the same sandbox, if there is one. */
async function openCommands(config: Config): Promise<Commands> {
  return createCommands({
    sandbox: await findSandbox(config.SLUICE_SANDBOX, SYSTEM_PATH),
    homeRoot: join(config.dataDir, 'agents'),
    secrets: Object.entries(config.secrets).flatMap(([name, secret]) =>
      secret !== undefined && SECRET_NAME.test(name) ? [secret] : [],
    ),
  });
}

/** Names in the environment whose values no output may show. */
const SECRET_NAME = /KEY|SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|DATABASE_URL/i;

/** Everything that carries out jobs. What it returns ends the sweeping of this machine's worktrees. */
export async function startWorker(
  config: Config,
  parts: {
    webhooks: WebhookDeps;
    queue: Queue;
    agents: Agents;
    probot: Probot;
  },
): Promise<() => Promise<void>> {
  const { webhooks, queue, agents, probot } = parts;
  const { runs, github, forgeOf, builtin, settings, log } = webhooks;
  const tokens = createTokens(github, Date.now);
  const workspaces = await createWorkspaces({
    root: join(config.dataDir, 'workspaces'),
    identity: await committer(github, log),
    environment: networkSettings(config.secrets),
    allowInsecureHttp: config.webUrl.startsWith('http:'),
    log,
  });
  const worktrees = createWorktrees(workspaces, tokens, agents.isSandboxed);
  const sessions = createSessions();
  await registerJobs(
    {
      runs,
      github,
      forgeOf,
      builtin,
      agents,
      worktrees,
      commands: await openCommands(config),
      sessions,
      locked: createKeyedLock(),
      tokens,
      settings,
      timing: {
        stepTimeoutMs: config.SLUICE_STEP_TIMEOUT_MINUTES * 60_000,
        commentDelayMs: config.SLUICE_COMMENT_DELAY_MS,
        editIntervalMs: config.SLUICE_EDIT_INTERVAL_MS,
      },
      redeliverLost: createRedeliverer({
        db: runs.db,
        findLost: (since) => findLostDeliveries(github.app, since),
        redeliver: (delivery) => redeliver(github.app, delivery),
        now: () => runs.now(),
        log,
      }),
      defaultAgent: config.SLUICE_AGENT,
      log,
    },
    { queue, probot, stepConcurrency: config.SLUICE_STEP_CONCURRENCY },
  );
  return keepWorktreesSwept({ runs, worktrees, sessions, log });
}

const NETWORK_SETTINGS = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

/** What git must know to get out of this network, in either spelling. */
function networkSettings(env: Config['secrets']): Record<string, string> {
  const names = NETWORK_SETTINGS.flatMap((name) => [name, name.toLowerCase()]);
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/** The bot's own account, so that its commits carry its name and avatar. */
async function committer(github: GitHub, log: Logger): Promise<{ name: string; email: string }> {
  try {
    const { botLogin } = await readAppIdentity(github.app);
    const id = await findBotId(github, botLogin);
    const account = id === null ? botLogin : `${id}+${botLogin}`;
    return { name: botLogin, email: `${account}@users.noreply.github.com` };
  } catch (error) {
    log.warn({ err: error }, 'GitHub did not say who this app is; commits get a general name');
    return { name: 'sluice[bot]', email: 'sluice[bot]@users.noreply.github.com' };
  }
}
