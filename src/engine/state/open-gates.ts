import type { Gate, Run } from './run.ts';

/** Gates somebody has to decide, in the order they opened. */
export function openGates(run: Run): readonly Gate[] {
  return run.gates.filter((gate) => gate.status === 'open');
}
