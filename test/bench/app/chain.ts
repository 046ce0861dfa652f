/** A workflow of so many readonly steps, one after the other, none of which has anything to do. */
export function chainWorkflow(length: number): string {
  const steps = Array.from({ length }, (_, index) => {
    const number = index + 1;
    const after = number === 1 ? '' : `\n    depends_on: [s${number - 1}]`;
    return `  - id: s${number}\n    agent: Worker\n    prompt: Say done. Step ${number}.${after}\n`;
  });
  return `name: chain-${length}\ndescription: A chain.\nsteps:\n${steps.join('')}`;
}
