import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDirectory, git, removeDirectory } from '#test/integration/workspace/fixtures.ts';
import { type Bench, openBench, type Settled } from './bench.ts';

let bench: Bench;
const folder = aDirectory();

beforeAll(async () => {
  bench = await openBench({
    prompts: [
      {
        match: 'Write (?<name>\\w+)',
        steps: [
          { append: { path: '${name}.txt', content: 'done\n' } },
          { text: 'feat: write ${name}' },
        ],
      },
    ],
  });
});
afterAll(async () => {
  await bench.close();
  removeDirectory(folder);
});

const TWO_STEPS = `
name: two
steps:
  - {id: first, agent: Writer, prompt: Write one, requires_approval: true}
  - {id: second, agent: Writer, depends_on: [first], prompt: Write two}
`;
const BOT = 'sluice[bot] <sluice[bot]@example.com>';
const ANN = 'ann <ann@example.com>';

/** Puts a commit on top of the branch that names a step of the run as where it comes from. */
function pushOnto({ run, branch }: Settled, committer: string, runId: string = run.id): string {
  const { bare, base } = bench.origin;
  const raw = join(folder, 'commit');
  const lines = [
    `tree ${git(bare, 'rev-parse', `${base}^{tree}`)}`,
    `parent ${run.headSha}`,
    `author ${BOT} 1700000000 +0000`,
    `committer ${committer} 1700000000 +0000`,
    '',
    'feat: late',
    '',
    `Sluice-Run: ${runId}`,
    'Sluice-Step: gone',
    '',
  ];
  writeFileSync(raw, lines.join('\n'));
  const sha = git(bare, 'hash-object', '-t', 'commit', '-w', raw);
  git(bare, 'update-ref', `refs/heads/${branch}`, sha);
  return sha;
}

function subjectsOn({ branch }: Settled): string[] {
  const range = `${bench.origin.base}..refs/heads/${branch}`;
  return git(bench.origin.bare, 'log', '--reverse', '--format=%s', range).split('\n');
}

describe('a commit that an overtaken step pushed and nobody knows of', () => {
  it('gives way to the commit of the step that came after', async () => {
    const waiting = await bench.play(TWO_STEPS);
    pushOnto(waiting, BOT);

    const settled = await bench.decide(waiting.run.id, 'approve');

    expect(settled.run.status).toBe('succeeded');
    expect(subjectsOn(settled)).toEqual(['feat: write one', 'feat: write two']);
    expect(settled.run.headSha).toBe(bench.origin.headOf(settled.branch));
  });

  it.each([
    ['that a person has picked', ANN, undefined],
    ['of another run', BOT, 'ANOTHERRUN'],
  ])('is never taken for one %s', async (_, committer, runId) => {
    const waiting = await bench.play(TWO_STEPS);
    const sha = pushOnto(waiting, committer, runId);

    const settled = await bench.decide(waiting.run.id, 'approve');

    expect(settled.run.status).toBe('failed');
    expect(bench.origin.headOf(settled.branch)).toBe(sha);
  });
});
