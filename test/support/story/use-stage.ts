import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { closeStage, openStage, type Stage, type StageOptions } from './stage.ts';

/** Opens a stage before the tests of the file and closes it after them; each test must end without a violation. */
export function useStage(options: StageOptions = {}): Stage {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await openStage(options);
  });
  afterEach(({ task }) => {
    const troubles = stage?.journal.troubles().join('\n') ?? '';
    if (task.result?.state === 'fail') process.stderr.write(`${troubles}\n`);
    expect(stage?.github.violations ?? []).toEqual([]);
  });
  afterAll(async () => {
    if (stage !== undefined) await closeStage(stage);
  });
  const current = () => {
    if (stage === undefined) throw new Error('the stage is not open yet');
    return stage;
  };
  return {
    get github() {
      return current().github;
    },
    get home() {
      return current().home;
    },
    get journal() {
      return current().journal;
    },
    get running() {
      return current().running;
    },
    calm: () => current().calm(),
    answers: (...args) => current().answers(...args),
    issue: (...args) => current().issue(...args),
    say: (...args) => current().say(...args),
  };
}
