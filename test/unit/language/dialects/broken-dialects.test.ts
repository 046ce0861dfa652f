import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BROKEN_DIALECTS,
  brokenCases,
  EXPECTED,
  filesOf,
} from '#test/support/language/broken-dialects.ts';
import { messagesFor } from '#test/support/language/dialect-folder.ts';

describe('a broken file of another dialect', () => {
  it.each(brokenCases())('%s gets exactly the messages written beside it', (name) => {
    const messages = messagesFor(filesOf(name));

    const expected = readFileSync(join(BROKEN_DIALECTS, name, EXPECTED), 'utf8');
    expect(`${messages.join('\n')}\n`).toBe(expected);
  });
});
