import type { Gate, Run } from './run.ts';

/** Gates waiting for somebody to decide, in the order they opened. */
export function openGates(run: Run): readonly Gate[] {
  return run.gates.filter((gate) => gate.status === 'open');
}
