/** A folder of `src/` with a wall around it: what it imports beside itself is listed, all else is refused. */
export interface Room {
  /** Below `src/`. Files belong to the room with the longest path that fits. */
  readonly path: string;
  readonly holds: string;
  /** Other rooms; the name of a folder stands for every room in it. */
  readonly may: readonly string[];
  /** Packages of the registry that are at home here. */
  readonly packages: readonly string[];
  /** Files directly in `src/` that it may import beside the free ones. */
  readonly files?: readonly string[];
  /** No I/O, clock, randomness, logging or `async`: `node:` modules and their globals are refused. */
  readonly pure?: true;
  /** The only room that starts programs. */
  readonly startsPrograms?: true;
}

/** Files directly in `src/` that every room may import; the others are for `main.ts` and `start.ts`. */
export const FREE_FILES = ['errors.ts', 'is-record.ts', 'settings.ts', 'wildcards.ts'];

const NATIVE = 'language/native';

/** From the bottom up: a room imports rows above its own only. */
export const ROOMS: readonly Room[] = [
  {
    path: 'plan',
    holds: 'the contract between language and engine: what a compiled workflow is, as plain data',
    may: [],
    packages: [],
    pure: true,
  },
  {
    path: 'forge',
    holds: 'the port to where code and issues live: what verbs ask of it and change there',
    may: [],
    packages: [],
    pure: true,
  },
  {
    path: 'language/problems',
    holds: 'what is wrong with a file, and where: problems, positions, reading YAML',
    may: [],
    packages: ['yaml'],
    pure: true,
  },
  {
    path: 'language/template',
    holds: 'the text of a template to its tree',
    may: ['language/problems'],
    packages: ['nunjucks'],
    pure: true,
  },
  {
    path: `${NATIVE}/schema`,
    holds: 'the keys of a native file',
    may: ['plan', 'language/problems'],
    packages: ['zod'],
    pure: true,
  },
  {
    path: `${NATIVE}/syntax`,
    holds: 'a file that has been read: its steps, scopes and links',
    may: ['plan', 'language/problems', `${NATIVE}/schema`],
    packages: [],
    pure: true,
  },
  {
    path: `${NATIVE}/condition`,
    holds: 'conditions, from text to data',
    may: ['plan', 'language/problems', `${NATIVE}/schema`, `${NATIVE}/syntax`],
    packages: [],
    pure: true,
  },
  {
    path: `${NATIVE}/check`,
    holds: 'what the keys alone cannot say: names that exist, links that lead somewhere',
    may: [
      'plan',
      'language/problems',
      'language/template',
      `${NATIVE}/schema`,
      `${NATIVE}/syntax`,
      `${NATIVE}/condition`,
    ],
    packages: [],
    pure: true,
  },
  {
    path: `${NATIVE}/parse`,
    holds: 'text to definition, or every problem at once',
    may: ['plan', 'language/problems', `${NATIVE}/schema`, `${NATIVE}/syntax`, `${NATIVE}/check`],
    packages: ['zod'],
    pure: true,
  },
  {
    path: `${NATIVE}/compile`,
    holds: 'definition to plan',
    may: [
      'plan',
      'language/problems',
      `${NATIVE}/schema`,
      `${NATIVE}/syntax`,
      `${NATIVE}/condition`,
    ],
    packages: [],
    pure: true,
  },
  {
    path: 'language/dialects',
    holds: 'other languages: one folder each, to the same definition',
    may: ['plan', 'language/problems', NATIVE],
    packages: ['zod'],
    pure: true,
  },
  {
    path: 'language/folder',
    holds: 'the files of a repository together: workflows, personas, owners',
    may: ['plan', 'language/problems', NATIVE, 'language/dialects'],
    packages: ['yaml'],
    pure: true,
  },
  {
    path: 'language/start',
    holds: 'which workflow a start means, and what may be given to it',
    may: ['plan', 'language/problems', NATIVE],
    packages: [],
    pure: true,
  },
  {
    path: 'engine/state',
    holds: 'the state of a run, and the draft in which it changes',
    may: ['plan'],
    packages: [],
    pure: true,
  },
  {
    path: 'engine/read',
    holds: 'questions to the state: conditions, outputs, criteria, scorecards',
    may: ['plan', 'engine/state'],
    packages: ['re2js'],
    pure: true,
  },
  {
    path: 'engine/ask',
    holds: 'moves within one frame: gates, budgets, loops, starting and stopping',
    may: ['plan', 'engine/state', 'engine/read'],
    packages: [],
    pure: true,
  },
  {
    path: 'engine/flow',
    holds: 'what follows from what: starting nodes, ending them, ending frames',
    may: ['plan', 'engine/state', 'engine/read', 'engine/ask'],
    packages: [],
    pure: true,
  },
  {
    path: 'engine/decide',
    holds: 'what a decision at a gate does',
    may: ['plan', 'engine/state', 'engine/read', 'engine/ask', 'engine/flow'],
    packages: [],
    pure: true,
  },
  {
    path: 'engine/events',
    holds: 'one handler for each event',
    may: ['plan', 'engine/state', 'engine/read', 'engine/ask', 'engine/flow', 'engine/decide'],
    packages: [],
    pure: true,
  },
  {
    path: 'engine',
    holds: '`transition`: the table of events, and the only way in',
    may: ['plan', 'engine'],
    packages: [],
    pure: true,
  },
  {
    path: 'doctor',
    holds: 'what can be told about a file before it runs: examination and simulation',
    may: ['plan', 'language', 'engine', 'engine/state', 'engine/read'],
    packages: ['zod'],
    pure: true,
  },
  {
    path: 'commands',
    holds: 'what a person may ask for: text to command, and whether this person may',
    may: ['plan', 'forge', 'language/problems', `${NATIVE}/schema`, `${NATIVE}/syntax`],
    packages: [],
    pure: true,
  },
  {
    path: 'render',
    holds: 'saved state to text: comments, checks, answers, prompts; the template runtime',
    may: ['plan', 'forge', 'language', 'engine/state', 'engine/read', 'commands'],
    packages: [],
    pure: true,
  },
  {
    path: 'store',
    holds: 'tables, migrations, one small function for each query',
    may: ['plan', 'engine/state', 'engine/read'],
    packages: ['@electric-sql/pglite', 'kysely', 'pg', 'pino'],
  },
  {
    path: 'queue',
    holds: 'names and payloads of jobs, enqueueing inside a caller’s transaction, living workers',
    may: ['store'],
    packages: ['pg', 'pg-boss', 'pino'],
  },
  {
    path: 'github',
    holds: 'one function for each thing done on GitHub; pacing, retries, what a failure means',
    may: ['forge'],
    packages: ['@octokit/auth-app', '@octokit/rest', 'lru-cache', 'pino', 'probot'],
  },
  {
    path: 'workspace',
    holds: 'mirrors, worktrees, commits, pushes; the only room that starts programs',
    may: [],
    packages: [],
    startsPrograms: true,
  },
  {
    path: 'agents',
    holds: 'one ACP client for every agent program, the gateway, the sandbox, the tools of a step',
    may: ['workspace'],
    packages: [
      '@agentclientprotocol/sdk',
      '@modelcontextprotocol/sdk',
      'ajv',
      'ajv-formats',
      'yaml',
      'zod',
    ],
  },
  {
    path: 'runs',
    holds: 'what happens to a run in one transaction: start, advance, decide, count',
    may: ['plan', 'engine', 'engine/state', 'engine/read', 'commands', 'store', 'queue'],
    packages: [],
  },
  {
    path: 'verbs',
    holds: 'carries out what a person asked for, whatever door it came through',
    may: [
      'plan',
      'forge',
      'language',
      'engine/state',
      'engine/read',
      'doctor',
      'commands',
      'render',
      'runs',
    ],
    packages: ['pino'],
  },
  {
    path: 'steps',
    holds: 'carries out one attempt at a node: prompt, agent or command, checks, commit',
    may: [
      'plan',
      'engine/state',
      'engine/read',
      'render',
      'store',
      'queue',
      'github',
      'workspace',
      'agents',
      'runs',
    ],
    packages: ['csv-parse', 'pino', 'yaml', 'zod'],
  },
  {
    path: 'publish',
    holds: 'brings what GitHub shows in line with the saved run',
    may: ['plan', 'engine/state', 'render', 'store', 'github', 'runs'],
    packages: ['pino'],
  },
  {
    path: 'inbox',
    holds: 'a door: verify, store by GUID, enqueue, answer; ask again for what was lost',
    may: ['store', 'queue'],
    packages: ['@octokit/webhooks-methods', 'pino'],
  },
  {
    path: 'webhooks',
    holds: 'a door: one handler for each event, payload to command',
    may: ['engine/state', 'commands', 'github', 'runs', 'verbs'],
    packages: ['probot'],
  },
  {
    path: 'jobs',
    holds: 'a door: one handler for each job',
    may: [
      'engine/state',
      'render',
      'store',
      'queue',
      'github',
      'runs',
      'verbs',
      'steps',
      'publish',
    ],
    packages: ['probot'],
  },
  {
    path: 'setup',
    holds: 'a door: the page that creates the GitHub App while there is none',
    may: [],
    files: ['config.ts', 'port-of.ts', 'start.ts'],
    packages: ['@octokit/rest', 'pino', 'yaml', 'zod'],
  },
  {
    path: 'cli',
    holds: 'a door: what authors do on their own machine; check, preview, simulate, copy',
    may: ['plan', 'language', 'engine/state', 'engine/read', 'doctor', 'render'],
    files: ['builtin-workflows.ts'],
    packages: ['zod'],
  },
];
