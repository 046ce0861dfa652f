import { readFileSync } from 'node:fs';

/** One thing the scripted agent does. Exactly one key, besides none. */
export interface ScriptStep {
  text?: string | string[];
  thought?: string;
  plan?: string[];
  /** Answers with a fenced JSON block. */
  json?: unknown;
  write?: { path: string; content: string };
  append?: { path: string; content: string };
  edit?: { path: string; find: string; replace: string };
  delete?: string;
  /** Its output is `${last}` in later steps. */
  shell?: string;
  /** Hands in a result; `auto` makes one up that fits the schema. */
  result?: unknown;
  tool?: { name: string; args?: Record<string, unknown> };
  usage?: { input?: number; output?: number; cost?: number };
  /** Makes a real model call through the gateway. `throw` passes a refusal on, as honest agents do. */
  llm?: { path?: string; body?: unknown; throw?: boolean };
  /** Milliseconds; cut short by a cancel. */
  delay?: number;
  /** Goes on once this file is in the folder of the counters; says something ten times a second until then, or nothing. */
  until?: { file: string; saying?: string };
  error?: { code?: number; message?: string; data?: unknown };
  exit?: number;
  /** Never ends and does not listen to a cancel. */
  hang?: true;
  /** Ends the turn with this reason. */
  stop?: string;
  crash?: true;
  /** Writes to standard output what is not the protocol. */
  garbage?: string;
  stderr?: string;
}

export interface ScriptEntry {
  /** A regular expression on the prompt. Its groups are `${1}`, `${name}` in the steps. */
  match?: string;
  /** Holds only for the first so many prompts that match. */
  times?: number;
  model?: string;
  steps: ScriptStep[];
}

export interface Scenario {
  models?: string[];
  prompts: ScriptEntry[];
}

const KNOWN_STEPS = new Set(
  (
    'text thought plan json write append edit delete shell result tool usage llm delay until error exit hang ' +
    'stop crash garbage stderr'
  ).split(' '),
);
const DEFAULT: Scenario = {
  prompts: [
    {
      steps: [
        { thought: 'Reading the task.' },
        { text: 'I read the task and looked at the repository. Nothing had to be changed.' },
        { usage: { input: 1200, output: 80 } },
        { result: 'auto' },
      ],
    },
  ],
};

/** Reads a scenario from YAML or JSON; without a file, one that answers every prompt. */
export async function readScenario(file: string | undefined): Promise<Scenario> {
  if (file === undefined) return DEFAULT;
  const text = readFileSync(file, 'utf8');
  // JSON starts faster: the YAML parser is loaded only when it is needed.
  const scenario: Scenario = file.endsWith('.json')
    ? JSON.parse(text)
    : (await import('yaml')).parse(text);
  for (const step of scenario.prompts.flatMap(({ steps }) => steps)) {
    const unknown = Object.keys(step).filter((key) => !KNOWN_STEPS.has(key));
    if (unknown.length > 0) throw new Error(`${file}: no such step: ${unknown.join(', ')}`);
  }
  return scenario;
}

/** Puts the values of a match into every text of a step. */
export function fillStep<T>(value: T, values: Readonly<Record<string, string>>): T {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole) as T;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => fillStep(item, values)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, fillStep(item, values)]);
  return Object.fromEntries(entries) as T;
}
