import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DatabasePlace } from './database.ts';
import { eventually } from './eventually.ts';

export interface SpawnedWorker {
  /** What it has printed so far. */
  readonly lines: readonly string[];
  /** Waits until it has printed the line. */
  saw(line: string): Promise<void>;
  /** Ends with the signal, or by itself, and resolves with the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `worker-process.ts` on the database. */
export function spawnWorker(place: DatabasePlace): SpawnedWorker {
  const script = join(import.meta.dirname, 'worker-process.ts');
  const child = spawn(process.execPath, [script, place.databaseUrl ?? '', place.dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const exited = once(child, 'exit');
  return {
    lines,
    async saw(line) {
      await eventually(`the worker prints "${line}"`, () => lines.includes(line));
    },
    async end(signal) {
      if (signal !== undefined && child.exitCode === null) child.kill(signal);
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}
