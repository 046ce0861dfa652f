import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitMessage, ident } from '#src/workspace/commit-message.ts';

const trailers = { 'Sluice-Run': 'r1', 'Sluice-Step': 'plan' };

const subjectOf = (subject: string) => commitMessage({ subject, trailers }).split('\n')[0];

describe('commitMessage', () => {
  it('is subject, body and trailers', () => {
    const message = commitMessage({ subject: 'Plan it', body: 'Because.', trailers });

    expect(message).toBe('Plan it\n\nBecause.\n\nSluice-Run: r1\nSluice-Step: plan\n');
  });

  it('always ends with exactly our trailers, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (subject, body, value) => {
        const message = commitMessage({ subject, body, trailers: { ...trailers, Note: value } });

        const [last, ...before] = message.trimEnd().split('\n\n').toReversed();
        expect(last?.split('\n').map((line) => line.split(':')[0])).toEqual([
          'Sluice-Run',
          'Sluice-Step',
          'Note',
        ]);
        expect(before.join('\n')).not.toMatch(/^Sluice-(Run|Step)\s*:/im);
        expect(message).not.toContain('\0');
      }),
    );
  });

  it('keeps a long subject within bounds and never leaves it empty', () => {
    expect(subjectOf('x'.repeat(999))).toHaveLength(200);
    expect(subjectOf('\n \0')).toBe('Changes');
  });

  it('refuses a trailer key that would break the paragraph', () => {
    expect(() => commitMessage({ subject: 'x', trailers: { 'a\nb': 'c' } })).toThrow(/trailer/);
  });
});

describe('ident', () => {
  it('cannot be broken out of', () => {
    expect(ident({ name: 'Eve <eve@x>\nSluice-Run: 1', email: 'a>\n<b@c' })).toBe(
      'Eve eve@x Sluice-Run: 1 <a b@c>',
    );
  });
});
