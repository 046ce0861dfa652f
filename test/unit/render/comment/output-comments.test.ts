import * as fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { parseComment } from '#src/commands/from-comment.ts';
import { renderNoOutput, renderOutput } from '#src/render/comment/output-comments.ts';
import { byteLength } from '#src/render/text/cut-text.ts';

const THREAD = {
  prefix: 'sluice',
  appSlug: 'sluice-app',
  workflows: [],
  steps: [],
  open: true,
  bare: true,
};

const render = (text: string, from = 1, facts: object = {}) =>
  renderOutput(
    { step: 'plan', run: 'R2345ABC', visit: 1, text, author: null, ...facts },
    from,
    'sluice',
  );

/** The code blocks of the comments, one after the other, as an independent Markdown parser sees them. */
function shownIn(comments: readonly string[]): string {
  return comments
    .map((comment) => {
      const blocks = marked.lexer(comment).filter(({ type }) => type === 'code');
      expect(blocks).toHaveLength(1);
      // The line end in front of the closing fence belongs to the text where a part ends with one.
      const [, fence = '', body = ''] =
        /^[^]*?\n(`{3,})text\n([^]*)\n\1\n\n<\/details>/.exec(comment) ?? [];
      expect(blocks[0]?.raw.startsWith(fence)).toBe(true);
      return body;
    })
    .join('');
}

describe('a whole result in comments', () => {
  it('is one folded comment when it fits', () => {
    const [comment, ...more] = render('# Plan\n\nBuild it.');

    expect(more).toEqual([]);
    expect(comment).toMatch(/^Result of `plan` in run `R2345ABC`: 17 characters\n\n<details>/);
    expect(comment).toContain('```text\n# Plan\n\nBuild it.\n```');
  });

  it('is cut at line ends into comments that GitHub takes, and nothing of it is lost', () => {
    const text = Array.from({ length: 2_000 }, (_, at) => `${at} ${'é'.repeat(20)}`).join('\n');

    const comments = render(text);

    expect(comments).toHaveLength(2);
    for (const comment of comments) expect(byteLength(comment)).toBeLessThan(60_000);
    expect(comments[0]?.split('\n')[0]).toMatch(/characters 1 to [\d,]+ of [\d,]+ characters$/);
    const lines = comments.flatMap((comment) => shownIn([comment]).split('\n'));
    expect(lines).toEqual(text.split('\n'));
  });

  it('ends after three comments with the command for what is left', () => {
    const text = 'x'.repeat(500_000);

    const first = render(text);
    const [, from = ''] = /`\/sluice output R2345ABC plan from (\d+)`/.exec(first[2] ?? '') ?? [];
    const rest = render(text, Number(from));

    expect(first).toHaveLength(3);
    expect(first[2]).toContain('326,000 more characters');
    expect(shownIn(first)).toHaveLength(174_000);
    expect(rest[0]).toContain('characters 174,001 to 232,000 of 500,000 characters');
  });

  it('says whose words they are, and which round', () => {
    expect(render('Mine.', 1, { visit: 2, author: 'lee' })[0]).toContain(
      'in run `R2345ABC`, visit 2, as `lee` wrote it: 5 characters',
    );
  });

  it('says when there is nothing there', () => {
    expect(render('')).toEqual(['The result of `plan` in run `R2345ABC` is empty.']);
    expect(render('abc', 4)).toEqual([
      'The result of `plan` in run `R2345ABC` has only 3 characters.',
    ]);
  });

  it('holds no secret, not even one that a cut would have divided', () => {
    const token = ['ghs_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('');
    const text = `${'x '.repeat(28_995)}${token} end`;

    const comments = render(text).join('\n');

    expect(comments).not.toContain('A1b2');
    expect(comments).not.toContain('Q7r8');
    expect(comments).toContain('moved] end');
  });

  it('stays inside its code block, whatever it holds', () => {
    const piece = fc.constantFrom('```', '````', '~~~', '\n', '</details>', '/approve', '@a', ' ');
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1 }), (pieces) => {
        const comments = render(`x${pieces.join('')}x`);

        expect(shownIn(comments)).toBe(`x${pieces.join('')}x`);
        for (const comment of comments)
          expect(parseComment(comment, THREAD)).toEqual({ type: 'ignore' });
      }),
    );
  });
});

describe('a step without a result of its own', () => {
  it('names the steps whose results there are', () => {
    expect(renderNoOutput('review', 'R2345ABC', ['review/security'], 'sluice')).toContain(
      '- `/sluice output R2345ABC review/security`',
    );
    expect(renderNoOutput('review', 'R2345ABC', [], 'sluice')).toBe(
      '`review` has no result that can be shown.',
    );
  });
});
