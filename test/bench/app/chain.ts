/** What the steps of a chain may do: the agent's process is kept for the next `readonly` step, an `edit` step gets its own. */
export type ChainAccess = 'readonly' | 'edit';

/** A workflow of so many steps, one after the other, none of which has anything to do. */
export function chainWorkflow(length: number, access: ChainAccess = 'readonly'): string {
  const steps = Array.from({ length }, (_, index) => {
    const number = index + 1;
    const after = number === 1 ? '' : `\n    depends_on: [s${number - 1}]`;
    return `  - id: s${number}\n    agent: Worker\n    access: ${access}\n    prompt: Say done. Step ${number}.${after}\n`;
  });
  return `name: ${chainName(length, access)}\ndescription: A chain.\nsteps:\n${steps.join('')}`;
}

export function chainName(length: number, access: ChainAccess = 'readonly'): string {
  return access === 'readonly' ? `chain-${length}` : `${access}-chain-${length}`;
}
