import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where programs are looked for if the caller names no other places. */
export const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Finds a program the way a shell does. Undefined if there is none that may be executed. */
export async function findProgram(name: string, path: string): Promise<string | undefined> {
  const candidates = isAbsolute(name)
    ? [name]
    : path
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, name));
  for (const candidate of candidates) {
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}

/** What must be visible for an installed program to start: its file, and its node_modules if it has one. */
export async function installationOf(program: string): Promise<string[]> {
  const target = await realpath(program);
  const modules = /^(.*?\/node_modules)\//.exec(target)?.[1];
  return [...new Set([program, modules ?? target])];
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
