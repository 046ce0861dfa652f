import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExitCode } from '#src/cli/io.ts';
import { runCli } from '#src/cli/run-cli.ts';

export interface Ended {
  readonly status: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, as the program does. */
export async function sluice(cwd: string, ...args: readonly string[]): Promise<Ended> {
  let out = '';
  let err = '';
  const status = await runCli(args, {
    cwd,
    out: (text) => (out += text),
    err: (text) => (err += text),
    isTerminal: false,
  });
  return { status, out, err };
}

/** A folder with these files, gone with the system's other temporary files. */
export function aRepository(files: Readonly<Record<string, string>> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

export function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .toSorted();
}
