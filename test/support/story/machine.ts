import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestHome } from '../sluice.ts';

/** Ids of the agent processes of one test that live on this machine, seen the way an administrator would. */
export async function agentProcesses({ dir }: TestHome): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(ids.map(async (id) => ({ id, line: await commandLine(id) })));
  const scenario = join(dir, 'scenario.json');
  return lines
    .filter(({ line }) => line.includes('scripted-agent.ts') && line.includes(scenario))
    .map(({ id }) => id);
}

async function commandLine(id: number): Promise<string> {
  try {
    return (await readFile(`/proc/${id}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    // It has ended in between.
    return '';
  }
}

/** Runs that have a worktree in this data directory. */
export async function runsWithWorktree({ dir }: TestHome): Promise<string[]> {
  try {
    return await readdir(join(dir, 'data/workspaces/runs'));
  } catch {
    // Nothing has run yet.
    return [];
  }
}
