import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aRepository } from '#test/support/cli/terminal.ts';

const ROOT = join(import.meta.dirname, '../../..');

function run(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'src/cli/main.ts'), ...args],
    { cwd, encoding: 'utf8' },
  );
  return { status, out: stdout, err: stderr };
}

describe('the program sluice', () => {
  it('ends with 0 and a help that lists every command', () => {
    const { status, out } = run(ROOT, '--help');

    expect(status).toBe(0);
    expect(out.match(/^ {2}(\w+)/gm)).toEqual(
      ['doctor', 'plan', 'simulate', 'list', 'init', 'eject'].map((name) => `  ${name}`),
    );
  });

  it('ends with 1 and lines an editor understands when a workflow has problems', () => {
    const dir = aRepository({
      '.github/sluice/workflows/a.yml': 'name: a\nsteps: [{id: one, agent: Planer, prompt: x}]\n',
    });

    const { status, out } = run(dir, 'doctor');

    expect(status).toBe(1);
    expect(out).toBe(
      '.github/sluice/workflows/a.yml:2:26: error: there is no persona `Planer`. Did you mean `Planner`? [unknown-persona]\n1 workflow: 1 error\n',
    );
  });

  it('ends with 2 and one sentence, without a stack, when it was called wrongly', () => {
    const { status, out, err } = run(ROOT, 'simulate', 'featre');

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe('sluice: there is no workflow `featre`. Did you mean `feature`?\n');
  });
});
