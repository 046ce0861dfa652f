import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobDeps } from '#src/jobs/job-deps.ts';
import { SilenceWatch } from '#src/steps/agent/silence-watch.ts';
import { listSigns } from '#src/store/signs-of-life.ts';
import { aStart, insert, NOW } from '#test/integration/store/a-run.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';

const SECOND = 1_000;

describe('what is kept of an agent that speaks all the time', () => {
  let database: TestDatabase;
  let passed = 0;

  beforeAll(async () => {
    database = await openTestDatabase('pglite');
    for (const id of ['short', 'long', 'strict']) await insert(database.handle, aStart({ id }));
  });
  afterAll(() => database.remove());

  function watchOver(id: string, quietAfterMs = 20 * 60 * SECOND): SilenceWatch {
    passed = 0;
    const now = () => new Date(Date.parse(NOW) + passed).toISOString();
    const runs = { db: database.db, now } as JobDeps['runs'];
    const settings = { quietAfterMs } as JobDeps['settings'];
    const stored = aStart({ id });
    const attempt = { stored, node: 'plan', visit: 1, attempt: 1 };
    return new SilenceWatch({ runs, settings, log: silent }, attempt);
  }

  function speak(watch: SilenceWatch, seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      passed += SECOND;
      watch.sign();
    }
  }

  it('is nothing for a step of less than a minute', async () => {
    const watch = watchOver('short');

    speak(watch, 59);
    await watch.end();

    expect(await listSigns(database.db, 'short')).toEqual([]);
  });

  it('is one sign a minute', async () => {
    const watch = watchOver('long');

    speak(watch, 179);
    await watch.end();

    const at = new Date(Date.parse(NOW) + 120 * SECOND).toISOString();
    expect(await listSigns(database.db, 'long')).toEqual([
      { node: 'plan', visit: 1, attempt: 1, at, quiet: false },
    ]);
  });

  it('is more where a minute would count as silence', async () => {
    const watch = watchOver('strict', 60 * SECOND);

    speak(watch, 50);
    await watch.end();

    const at = new Date(Date.parse(NOW) + 45 * SECOND).toISOString();
    expect(await listSigns(database.db, 'strict')).toEqual([
      { node: 'plan', visit: 1, attempt: 1, at, quiet: false },
    ]);
  });
});
