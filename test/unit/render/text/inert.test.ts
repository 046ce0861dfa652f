import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCommit } from '#src/render/pull/commit-message.ts';
import { renderPullRequest } from '#src/render/pull/pull-request.ts';
import { STATES } from '../report-builders.ts';

const titleOf = (title: string): string => {
  const { context } = STATES.running;
  const subject = { ...context.subject, title };
  return renderPullRequest({ ...STATES.running, context: { ...context, subject } }).title;
};

const subjectOf = (headline: string): string =>
  renderCommit({
    run: 'R2345ABC',
    step: 'implement',
    visit: 1,
    attempt: 1,
    headline,
    starter: { login: 'dana' },
  }).subject;

/** What GitHub takes for a person, a team, an issue or an address wherever it stands. */
const LIVE = /[@#]\w|gh-\d|https?:\/\/\w/i;

const PIECES = [
  ['@', '#', '@@', '##', '#@', 'acme/core', 'bob', '12', 'GH-', 'gh-', 'gH-12', 'G#H-12', 'GH-#12'],
  ['fixes ', 'Closes: ', 'https://', 'http://', 'ht@tps://', 'https:/#/', 'example.com/acme/1'],
  ['\u200B', '\u202E', '\n', ' ', '.', '/', '\\', '&#64;', '_', '…', '-', 'feat: ', 'link'],
].flat();

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'grapheme', maxLength: 5 })), {
    maxLength: 120,
  })
  .map((parts) => parts.join(''));

describe('words of people and models outside of Markdown', () => {
  it.each([
    ['Fixes GH-12 and gh-7', 'Fixes GH-\u200B12 and gh-\u200B7', 'feat: fixes GH 12 and gh 7'],
    ['##12 for @@bob', '#\u200B#\u200B12 for @\u200B@\u200Bbob', 'feat: 12 for bob'],
    ['C# and a @ b', 'C# and a @ b', 'feat: C# and a @ b'],
    ['https://acme.example/1', 'https://\u200Bacme.example/1', 'feat: link'],
  ])('are harmless and readable: %j', (said, title, subject) => {
    expect(titleOf(said)).toBe(title);
    expect(subjectOf(said)).toBe(subject);
  });

  it('call nobody and refer to nothing, whatever they are', () => {
    fc.assert(
      fc.property(hostile, (said) => {
        expect(titleOf(said)).not.toMatch(LIVE);
        expect(subjectOf(said)).not.toMatch(LIVE);
      }),
    );
  });

  it('keep a title to what GitHub takes', () => {
    expect(titleOf('@a'.repeat(120)).length).toBeLessThanOrEqual(256);
    expect(titleOf('word '.repeat(120)).length).toBeLessThanOrEqual(256);
  });
});
