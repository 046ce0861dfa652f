import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of itself and of the children it has waited for, in clock ticks. */
  readonly ticks: number;
}

let ticksPerSecond: number | undefined;

/** CPU seconds a process and everything below it have used, those that have ended included. */
export function cpuSeconds(root: number): number {
  const ticks = treeOf(root).reduce((sum, row) => sum + row.ticks, 0);
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks / ticksPerSecond;
}

export function processCount(root: number): number {
  return treeOf(root).length;
}

/** Megabytes of a process and everything below it. Shared pages are divided among those that share them. */
export function treeMegabytes(root: number): number {
  return treeOf(root).reduce((sum, { pid }) => sum + proportionalKilobytes(pid), 0) / 1024;
}

/** Looks at the memory of a tree again and again until `stop` returns the most it has seen. */
export function watchMemory(root: number, everyMs = 200): { stop(): number } {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, treeMegabytes(root));
  };
  const timer = setInterval(look, everyMs);
  return {
    stop() {
      clearInterval(timer);
      look();
      return peak;
    },
  };
}

function treeOf(root: number): ProcessRow[] {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readRow(Number(name)))
    .filter((row) => row !== null);
  const children = Map.groupBy(rows, ({ parent }) => parent);
  const tree = rows.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** The fields of proc_pid_stat(5) behind the program's name, which may hold anything. */
function readRow(pid: number): ProcessRow | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return null;
  }
}

function proportionalKilobytes(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
