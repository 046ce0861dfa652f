import { delimiter, dirname } from 'node:path';
import type { AgentFailure, AgentRequest, FileAccess } from '../agent.ts';
import type { AgentEntry, Setting } from '../catalog/catalog-schema.ts';

/** Everything that is fixed for the life of an agent process. */
export interface LaunchSpec {
  agent: string;
  runId: string;
  entry: AgentEntry;
  access: FileAccess;
  cwd: string;
  readonlyPaths: readonly string[];
  network: boolean;
  /** The vendor's id. */
  model: string | undefined;
  effort: string | undefined;
  /** The real key of the model's server; only the gateway gets it. */
  key: string | undefined;
}

const SETTING_VALUE = /^[A-Za-z0-9][\w.:/@+-]{0,127}$/;

/** Says what process a request needs, or why there cannot be one. */
export function launchSpecFor(
  request: AgentRequest,
  agents: Readonly<Record<string, AgentEntry>>,
  secrets: Readonly<Record<string, string | undefined>>,
): LaunchSpec | AgentFailure {
  const { agent, runId, access, cwd } = request;
  const entry = Object.hasOwn(agents, agent) ? agents[agent] : undefined;
  if (entry === undefined)
    return misconfigured('unknown-agent', `There is no agent named ${agent}`);

  const model = modelFor(entry, request.model);
  for (const value of [model, request.effort]) {
    if (value === undefined || SETTING_VALUE.test(value)) continue;
    return misconfigured(
      'unknown-model',
      `${JSON.stringify(value)} can be neither a model nor an effort`,
    );
  }
  const keyName = entry.llm?.key?.env;
  const key = keyName === undefined ? undefined : secrets[keyName];
  if (keyName !== undefined && (key === undefined || key === '')) {
    return misconfigured(
      'no-key',
      `The agent ${agent} needs the secret ${keyName}, which is not set`,
    );
  }
  const readonlyPaths = request.readonlyPaths ?? [];
  const network = request.network ?? false;
  return {
    agent,
    runId,
    entry,
    access,
    cwd,
    readonlyPaths,
    network,
    model,
    effort: request.effort,
    key,
  };
}

/** Two steps with the same key may share a process, one after the other. */
export function processKey(spec: LaunchSpec): string {
  const { agent, runId, access, cwd, readonlyPaths, network, entry, model, effort } = spec;
  const fixedModel = isFixedAtStart(entry.model) ? model : undefined;
  const fixedEffort = isFixedAtStart(entry.effort) ? effort : undefined;
  return JSON.stringify([
    runId,
    agent,
    access,
    cwd,
    readonlyPaths,
    network,
    fixedModel,
    fixedEffort,
  ]);
}

export interface LaunchPlaces {
  /** The agent's home as the agent sees it. */
  home: string;
  tmp: string;
  gateway: string;
  placeholder: string;
  path: string;
}

/** The process's environment: nothing of the engine's own gets in. */
export function environmentFor(
  spec: LaunchSpec,
  places: LaunchPlaces,
  tunnel: boolean,
): Record<string, string> {
  const { entry, access, model, effort } = spec;
  const own = {
    ...entry.env,
    ...entry.permission[access].env,
    ...settingEnv(entry.model, model),
    ...settingEnv(entry.effort, effort),
  };
  const filled = Object.entries(own).map(([name, value]) => [name, fillIn(value, places)]);
  return {
    PATH: places.path,
    HOME: places.home,
    TMPDIR: places.tmp,
    USER: 'agent',
    LOGNAME: 'agent',
    SHELL: '/bin/sh',
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    ...(tunnel && tunnelEnv(places.gateway)),
    ...Object.fromEntries(filled),
  };
}

export function argumentsFor(spec: LaunchSpec, places: LaunchPlaces): string[] {
  const { entry, access, model, effort } = spec;
  const own = [...entry.args, ...entry.permission[access].args].map((text) => fillIn(text, places));
  return [...own, ...settingArgs(entry.model, model), ...settingArgs(entry.effort, effort)];
}

export function fillIn(template: string, places: LaunchPlaces): string {
  return template
    .replaceAll('${home}', places.home)
    .replaceAll('${gateway}', places.gateway)
    .replaceAll('${placeholder}', places.placeholder);
}

/** The system's programs, the agent's own folder, and Node for agents written for it. */
export function searchPath(systemPath: string, program: string): string {
  const folders = [dirname(process.execPath), dirname(program), ...systemPath.split(delimiter)];
  return [...new Set(folders)].join(delimiter);
}

function modelFor(entry: AgentEntry, wanted: string | undefined): string | undefined {
  const name = wanted ?? 'default';
  return Object.hasOwn(entry.models, name) ? entry.models[name] : wanted;
}

function isFixedAtStart(setting: Setting | undefined): boolean {
  return setting !== undefined && ('env' in setting || 'arg' in setting);
}

function settingEnv(
  setting: Setting | undefined,
  value: string | undefined,
): Record<string, string> {
  if (setting === undefined || value === undefined || !('env' in setting)) return {};
  return { [setting.env]: value };
}

function settingArgs(setting: Setting | undefined, value: string | undefined): string[] {
  if (setting === undefined || value === undefined || !('arg' in setting)) return [];
  return [setting.arg, value];
}

function tunnelEnv(gateway: string): Record<string, string> {
  const local = 'localhost,127.0.0.1,::1';
  return {
    HTTPS_PROXY: gateway,
    https_proxy: gateway,
    NO_PROXY: local,
    no_proxy: local,
    NODE_USE_ENV_PROXY: '1',
  };
}

function misconfigured(reason: AgentFailure['reason'], message: string): AgentFailure {
  return { class: 'configuration', reason, message };
}
