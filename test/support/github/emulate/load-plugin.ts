import { readdirSync, readFileSync } from 'node:fs';
import type { GitHubStore, TokenOwner } from './rows.ts';

export const EMULATE_VERSION = '0.12.2';

type Dispatch = (
  event: string,
  action: string | undefined,
  payload: unknown,
  owner: string,
  repo: string,
) => Promise<void>;

/** What emulate hands to a service plugin when it starts one. */
export interface Emulation {
  core: { fetch: (request: Request) => Promise<Response> };
  store: GitHubStore;
  webhooks: { dispatch: Dispatch };
  baseUrl: string;
  tokens: Map<string, TokenOwner>;
}

interface PluginModule {
  githubPlugin: {
    register: (
      app: Emulation['core'],
      store: object,
      webhooks: Emulation['webhooks'],
      baseUrl: string,
      tokenMap: Map<string, TokenOwner>,
    ) => void;
  };
  getGitHubStore: (store: object) => GitHubStore;
}

/**
 * emulate keeps its GitHub service in a private chunk whose hashed name changes per release; the chunk still exports a
 * mutable plugin object, and it is the same module instance that `createEmulator` uses. It is found by content.
 */
export async function loadPlugin(): Promise<PluginModule> {
  const dist = new URL('.', import.meta.resolve('emulate'));
  const chunk = readdirSync(dist).find(
    (file) =>
      /^dist-.*\.js$/.test(file) &&
      /\bgithubPlugin,/.test(readFileSync(new URL(file, dist), 'utf8').slice(-4000)),
  );
  if (chunk === undefined) {
    throw new Error(`emulate ${installedEmulateVersion()} has no GitHub plugin chunk we know`);
  }
  return (await import(new URL(chunk, dist).href)) as PluginModule;
}

export function installedEmulateVersion(): string {
  const manifest = new URL('../package.json', import.meta.resolve('emulate'));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** Runs `start` so that the emulation it creates is passed to `extend`. Calls must not overlap. */
export async function withExtension<T>(
  extend: (emulation: Emulation) => void,
  start: () => Promise<T>,
): Promise<T> {
  const { githubPlugin, getGitHubStore } = await loadPlugin();
  const original = githubPlugin.register;
  githubPlugin.register = (core, store, webhooks, baseUrl, tokens) => {
    original.call(githubPlugin, core, store, webhooks, baseUrl, tokens);
    extend({ core, store: getGitHubStore(store), webhooks, baseUrl, tokens });
  };
  try {
    return await start();
  } finally {
    githubPlugin.register = original;
  }
}
