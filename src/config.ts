import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from './errors.ts';
import { parseDuration } from './language/native/schema/duration.ts';

const text = z.string().trim().min(1);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const whole = (least: number) => z.coerce.number().int().min(least);
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
/** Milliseconds; null for `never`. */
const durationOrNever = z.string().transform((value, context) => {
  const ms = value === 'never' ? null : parseDuration(value);
  if (ms === 0 || (ms === null && value !== 'never')) {
    context.addIssue('takes durations such as 24h or 3d, or `never`');
    return z.NEVER;
  }
  return ms;
});
const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));

const LEAST_SECRET_LENGTH = 16;

/** Every environment variable the application reads. `docs/configuration.md` is generated from it. */
export const ConfigSchema = z.object({
  APP_ID: whole(1).optional().meta({
    description:
      'Id of the GitHub App. Without it the process offers the setup page and nothing else.',
  }),
  PRIVATE_KEY: text.optional().meta({
    description:
      'Private key of the App in PEM form; `\\n` may stand for line ends, or the whole may be base64.',
    secret: true,
  }),
  PRIVATE_KEY_PATH: text
    .optional()
    .meta({ description: 'File with the private key, instead of `PRIVATE_KEY`.' }),
  WEBHOOK_SECRET: list.optional().meta({
    description: `Secret of the webhook, of ${LEAST_SECRET_LENGTH} characters or more. Several, separated by commas, are all accepted while one is being rotated. With an empty or a shorter one nothing starts.`,
    secret: true,
  }),
  WEBHOOK_PATH: z
    .string()
    .startsWith('/')
    .default('/api/github/webhooks')
    .meta({ description: 'Path GitHub delivers to.' }),
  HOST: text.default('0.0.0.0').meta({ description: 'Address to listen on.' }),
  PORT: whole(0)
    .max(65535)
    .default(3000)
    .meta({ description: 'Port to listen on; 0 takes a free one.' }),
  GITHUB_API_URL: url.optional().meta({
    description: 'Root of the GitHub API. Set it, or `GHE_HOST`, for GitHub Enterprise Server.',
  }),
  GHE_HOST: text.optional().meta({
    description:
      'Host of a GitHub Enterprise Server; the API is then `<protocol>://<host>/api/v3`.',
  }),
  GHE_PROTOCOL: z
    .enum(['http', 'https'])
    .default('https')
    .meta({ description: 'Protocol of `GHE_HOST`.' }),
  DATABASE_URL: text.optional().meta({
    description:
      'PostgreSQL to keep state in. Without it an embedded database in the data directory is used, by one process only.',
    secret: true,
  }),
  SLUICE_DATA_DIR: text
    .default('data')
    .meta({ description: 'Directory of the embedded database, the mirrors and the worktrees.' }),
  SLUICE_ROLES: list
    .pipe(z.array(z.enum(['web', 'worker'])).min(1))
    .default(['web', 'worker'])
    .meta({
      description:
        'What this process does: `web` receives webhooks, `worker` runs steps and publishes.',
    }),
  SLUICE_INSTANCE: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .default('main')
    .meta({ description: 'Name of this installation, written into the marker of every comment.' }),
  SLUICE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,31}$/)
    .default('sluice')
    .meta({
      description:
        'Word of labels (`sluice:feature`), commands (`/sluice run`), checks and branches.',
    }),
  SLUICE_BASE_URL: url.optional().meta({
    description:
      'Where this process can be reached by browsers and by GitHub; used by the setup page and in links.',
  }),
  SLUICE_BARE_COMMANDS: flag.default(true).meta({
    description:
      'Whether `/approve`, `/deny`, … work without the prefix on a thread where a run is open.',
  }),
  SLUICE_AGENTS_FILE: text.optional().meta({
    description:
      'Catalogue of agents, instead of the `agents.yaml` that comes with the application.',
  }),
  SLUICE_AGENT: text
    .default('claude')
    .meta({ description: 'Entry of the catalogue used by steps that name none.' }),
  SLUICE_SANDBOX: z.enum(['auto', 'required', 'off']).default('auto').meta({
    description:
      '`auto` uses bubblewrap where it works, `required` refuses to start without it, `off` runs agents unconfined.',
  }),
  SLUICE_STEP_CONCURRENCY: whole(1)
    .max(256)
    .default(4)
    .meta({ description: 'Steps one worker executes at the same time.' }),
  SLUICE_KEPT_AGENTS: whole(0).max(1_000).optional().meta({
    description:
      'Idle agent processes that are kept for the next step of their run, for a minute at most. Without it: one for each GB of memory.',
  }),
  SLUICE_STEP_TIMEOUT_MINUTES: whole(1).max(28_800).default(120).meta({
    description:
      'Hard wall limit of a step that sets none. Slowness alone never stops an agent before it.',
  }),
  SLUICE_QUIET_MINUTES: z.coerce.number().min(0).max(10_000).default(20).meta({
    description:
      'An agent that gave no sign of life for so long is shown as quiet, with the time of the last one. It is not stopped. 0 shows nothing.',
  }),
  SLUICE_PROTECTED_BRANCHES: list
    .default(['main', 'master', 'develop', 'release', 'production'])
    .meta({
      description:
        'Branches that are never pushed to, besides the default branch and those GitHub protects.',
    }),
  SLUICE_COMMENT_DELAY_MS: whole(0).default(15_000).meta({
    description:
      'A run comment is written after this time or at the end of the first step, whichever is first.',
  }),
  SLUICE_EDIT_INTERVAL_MS: whole(0).default(5_000).meta({
    description:
      'Least time between two edits of a run comment; what happens in between is one edit.',
  }),
  SLUICE_GITHUB_WRITE_INTERVAL_MS: whole(0).default(1_000).meta({
    description: 'Least time between two writes to GitHub in one installation, as GitHub advises.',
  }),
  SLUICE_GITHUB_TIMEOUT_MS: whole(1)
    .default(15_000)
    .meta({ description: 'Time limit of one request to GitHub.' }),
  SLUICE_GATE_EXPIRY_DAYS: whole(1).default(7).meta({
    description: 'A gate nobody answers expires after this time. It never approves by itself.',
  }),
  SLUICE_GATE_REMINDERS: list
    .pipe(z.array(durationOrNever).max(5))
    .transform((times) => times.flatMap((ms) => ms ?? []).toSorted((a, b) => a - b))
    .prefault('24h')
    .meta({
      description:
        'After how long people are reminded of a gate nobody answers, as in `24h,3d`: one comment each time. `never` switches it off.',
    }),
  SLUICE_DRAIN_SECONDS: whole(0).default(20).meta({
    description: 'How long a stopping process waits for its steps before it hands them back.',
  }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .meta({ description: 'Least level that is logged.' }),
});

type Environment = z.output<typeof ConfigSchema>;

export interface Config
  extends Omit<
    Environment,
    | 'APP_ID'
    | 'PRIVATE_KEY'
    | 'PRIVATE_KEY_PATH'
    | 'WEBHOOK_SECRET'
    | 'GITHUB_API_URL'
    | 'GHE_HOST'
    | 'GHE_PROTOCOL'
  > {
  /** Null until the App exists: the process then only offers the setup page. */
  readonly app: AppCredentials | null;
  readonly apiUrl: string;
  /** Root of the web pages, for links: `https://github.com` or the server's own. */
  readonly webUrl: string;
  readonly dataDir: string;
  /** The environment the agents' keys are read from; nothing else looks at it. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
}

export interface AppCredentials {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecrets: readonly string[];
}

export class ConfigError extends AppError {
  constructor(problems: readonly string[]) {
    super(
      'invalid-configuration',
      `The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

/** Reads the environment, and the credentials the setup page stored. Reports every problem at once. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const given = Object.fromEntries(
    Object.entries({ ...storedCredentials(env), ...env }).filter(
      ([, value]) => value !== undefined && value.trim() !== '',
    ),
  );
  const problems =
    env['WEBHOOK_SECRET']?.trim() === ''
      ? ['WEBHOOK_SECRET: is empty; anybody could send webhooks']
      : [];
  const parsed = ConfigSchema.safeParse(given);
  if (!parsed.success) {
    problems.push(
      ...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    );
    throw new ConfigError(problems);
  }
  const {
    APP_ID,
    PRIVATE_KEY,
    PRIVATE_KEY_PATH,
    WEBHOOK_SECRET,
    GITHUB_API_URL,
    GHE_HOST,
    GHE_PROTOCOL,
    ...rest
  } = parsed.data;
  const app = credentials({ APP_ID, PRIVATE_KEY, PRIVATE_KEY_PATH, WEBHOOK_SECRET }, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  const apiUrl =
    GITHUB_API_URL ??
    (GHE_HOST === undefined ? 'https://api.github.com' : `${GHE_PROTOCOL}://${GHE_HOST}/api/v3`);
  return {
    ...rest,
    app,
    apiUrl,
    webUrl:
      apiUrl === 'https://api.github.com' ? 'https://github.com' : apiUrl.replace(/\/api\/v3$/, ''),
    dataDir: resolve(rest.SLUICE_DATA_DIR),
    secrets: env,
  };
}

function credentials(
  env: Pick<Environment, 'APP_ID' | 'PRIVATE_KEY' | 'PRIVATE_KEY_PATH' | 'WEBHOOK_SECRET'>,
  problems: string[],
): AppCredentials | null {
  if (env.APP_ID === undefined) return null;
  const key =
    env.PRIVATE_KEY ??
    (env.PRIVATE_KEY_PATH === undefined ? undefined : readKey(env.PRIVATE_KEY_PATH, problems));
  const privateKey = key === undefined ? '' : decodeKey(key);
  if (!privateKey.includes('PRIVATE KEY'))
    problems.push('PRIVATE_KEY: is not a private key in PEM form; set it, or PRIVATE_KEY_PATH');
  if (env.WEBHOOK_SECRET === undefined || env.WEBHOOK_SECRET.length === 0)
    problems.push(
      'WEBHOOK_SECRET: is missing; set the secret that the App signs its webhooks with',
    );
  if (env.WEBHOOK_SECRET?.some((secret) => secret.length < LEAST_SECRET_LENGTH))
    problems.push(
      `WEBHOOK_SECRET: a part is shorter than ${LEAST_SECRET_LENGTH} characters and could be guessed; commas separate secrets, so set one without commas, such as \`openssl rand -hex 32\` prints, here and at GitHub`,
    );
  return { appId: env.APP_ID, privateKey, webhookSecrets: env.WEBHOOK_SECRET ?? [] };
}

function readKey(path: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    problems.push(
      `PRIVATE_KEY_PATH: ${path} cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
    );
    return undefined;
  }
}

function decodeKey(key: string): string {
  const plain = key.includes('PRIVATE KEY') ? key : Buffer.from(key, 'base64').toString('utf8');
  return plain.replaceAll('\\n', '\n');
}

/** What the setup page stored when the App was created; the environment takes precedence. */
function storedCredentials(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const path = credentialsFile(resolve(env['SLUICE_DATA_DIR'] ?? 'data'));
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw new ConfigError([`${path}: is damaged; delete it to run the setup again`]);
  }
}

export function credentialsFile(dataDir: string): string {
  return join(dataDir, 'credentials.json');
}
