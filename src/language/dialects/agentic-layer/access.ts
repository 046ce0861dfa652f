import type { Access } from '../../../plan/plan.ts';

interface Rights {
  readonly executes: boolean;
  readonly writes: boolean;
}

/** The access of an agent that has these rights of the matrix in addition to reading. */
export function accessFor({ executes, writes }: Rights): Access {
  if (writes) return executes ? 'full' : 'edit';
  return executes ? 'execute' : 'readonly';
}
