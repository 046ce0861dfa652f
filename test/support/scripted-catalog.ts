import { fileURLToPath } from 'node:url';
import { AgentEntry, type Catalog } from '#src/agents/catalog/catalog-schema.ts';

export interface ScriptedOptions {
  /** A YAML or JSON file; without one the agent answers every prompt. */
  scenario?: string;
  /** A folder in which `times` is counted across processes. */
  state?: string;
  /** The base address of a model's server for the step `llm`. */
  upstream?: string;
  /** Acts even when it was refused permission. */
  stubborn?: boolean;
  /** Whatever else the entry should say. */
  entry?: Record<string, unknown>;
}

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = fileURLToPath(new URL('scripted-agent.ts', import.meta.url));

/** The name of the secret that the entry's gateway uses as the model's key. */
export const SCRIPTED_KEY = 'SCRIPTED_LLM_KEY';

/** A catalog with one entry, `scripted`. */
export function scriptedCatalog(options: ScriptedOptions = {}): Catalog {
  return { agents: { scripted: scriptedEntry(options) }, fallback: {} };
}

export function scriptedEntry({
  scenario,
  state,
  upstream,
  stubborn,
  entry,
}: ScriptedOptions = {}): AgentEntry {
  const seen = ['node_modules', 'package.json', 'test/support'].map(
    (name) => `${REPOSITORY}${name}`,
  );
  return AgentEntry.parse({
    command: process.execPath,
    args: scenario === undefined ? [PROGRAM] : [PROGRAM, scenario],
    env: {
      LLM_BASE_URL: '${gateway}',
      LLM_API_KEY: '${placeholder}',
      ...(state !== undefined && { SCRIPTED_STATE: state }),
      ...(stubborn === true && { SCRIPTED_STUBBORN: '1' }),
    },
    paths: scenario === undefined ? seen : [...seen, scenario],
    writable_paths: state === undefined ? [] : [state],
    ...(upstream !== undefined && { llm: { upstream, key: { env: SCRIPTED_KEY } } }),
    model: { config_option: 'model' },
    permission: { readonly: {}, edit: {}, full: {} },
    capabilities: {
      keep: true,
      resume: 'resume',
      resume_while_kept: true,
      exit_grace_ms: 1_000,
      result_reminders: 0,
    },
    ...entry,
  });
}
