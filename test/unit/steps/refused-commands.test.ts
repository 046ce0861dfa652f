import { describe, expect, it } from 'vitest';
import { RefusedCommands } from '#src/steps/agent/refused-commands.ts';

describe('the commands an agent asks for in vain', () => {
  it('are told once each, and what is allowed is not', () => {
    const refused = new RefusedCommands();
    const mayRun = refused.heed((line) => line === 'ls');

    expect(['ls', 'curl a', ' curl a ', 'git push'].map(mayRun)).toEqual([
      true,
      false,
      false,
      false,
    ]);

    expect(refused.told()).toEqual(['curl a', 'git push']);
  });

  it('are few and short, however many there are and however long', () => {
    const refused = new RefusedCommands();
    const mayRun = refused.heed(() => false);
    for (let count = 0; count < 30; count += 1) mayRun(`${count}${'x'.repeat(1_000)}`);

    const told = refused.told();

    expect(told).toHaveLength(6);
    expect(told.at(-1)).toBe('and 25 more');
    expect(told[0]).toHaveLength(200);
  });
});
