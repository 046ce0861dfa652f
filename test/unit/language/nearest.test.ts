import { describe, expect, it } from 'vitest';
import { nearest } from '#src/language/problems/nearest.ts';

describe('nearest', () => {
  it.each([
    ['reserch', 'research'],
    ['depends-on', 'depends_on'],
    ['DependsOn', 'depends_on'],
    ['retires', 'retries'],
    ['pormpt', 'prompt'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, ['research', 'depends_on', 'retries', 'prompt', 'id'])).toBe(meant);
  });

  it.each(['wizard', 'x', ''])('takes %j for nothing', (word) => {
    expect(nearest(word, ['research', 'depends_on', 'id', 'a'])).toBeNull();
  });

  it('prefers the closest of several', () => {
    expect(nearest('plans', ['plants', 'plan', 'planes'])).toBe('plants');
  });

  it('is not slowed down by a very long word', () => {
    expect(nearest('a'.repeat(1_000_000), ['a', 'aa'])).toBeNull();
  });
});
