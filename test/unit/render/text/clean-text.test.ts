import * as fc from 'fast-check';
import { marked, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { cleanBlock, fencedBlock, keepEnds, quoteBlock } from '#src/render/text/clean-block.ts';
import { cleanLine, code, plainLine, withoutInvisible } from '#src/render/text/clean-text.ts';
import { byteLength } from '#src/render/text/cut-text.ts';

const SENTINEL = 'what-follows';

/** Everything an independent Markdown parser sees in a text, code and its content left out. */
function tokensOf(markdown: string): Token[] {
  const found: Token[] = [];
  void marked.walkTokens(marked.lexer(markdown, { gfm: true }), (token) => {
    if (token.type !== 'code' && token.type !== 'codespan') found.push(token);
  });
  return found;
}

/** What GitHub could act on. Entities are decoded first, as its filters see the finished page. */
function liveThings(markdown: string): string[] {
  return tokensOf(markdown).flatMap((token) => {
    if (['html', 'link', 'image', 'def'].includes(token.type))
      return [`${token.type}: ${token.raw}`];
    if (token.type !== 'text' || 'tokens' in token) return [];
    const shown = token.raw
      .replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)))
      .replace(/&amp;/g, '&')
      .replace(/\\([!-/:-@[-`{-~])/g, '$1');
    return shown.match(/@[a-z\d]|#\d|\bgh-\d|https?:\/\/\w|www\.\w/gi) ?? [];
  });
}

const PIECES = [
  ['`', '``', '```', '~~~', '````', '\n', '\n\n', '> ', '- ', '1. ', '    ', '\t', ' '],
  ['<details>', '</details>', '<!--', '-->', '<img src=x>', '<a href="`">', '<pre>'],
  ['@acme/core', '@\\bob', '&#64;bob', '&lt;b&gt;', '#12', '#\\12', 'GH-12', 'fixes #1'],
  ['https://evil.example/x', 'http\\://evil.example', 'www.evil.example', 'a@b.example'],
  ['[a](https://evil.example)', '[a]: https://evil.example', '[a]', '![x](y)', '[^1]'],
  ['/approve', '@sluice run', '\\', '|', '$x$', '*', '**', '_', '# ', '===', '---'],
  ['\u200B', '\u202E', '\r', 'x', '.', ']', '(', ')', ':', '[!NOTE]', 'mermaid'],
].flat();

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'grapheme', maxLength: 6 })), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));

describe('cleanLine', () => {
  it.each([
    ['@acme/everyone-team look', '@\u200Bacme/everyone-team look'],
    ['fixes #1, closes GH-2', 'fixes #\u200B1, closes GH-\u200B2'],
    ['fixes acme/api#3', 'fixes acme/api#\u200B3'],
    ['see https://evil.example/?u=1.', 'see `https://evil.example/?u=1`.'],
    ['![pixel](https://evil.example/p.gif)', '![pixel]\u200B(`https://evil.example/p.gif`)'],
    ['<img src=x> & <b>', '<\u200Bimg src=x> & <\u200Bb>'],
    ['&#64;bob', '&\u200B#\u200B64;bob'],
    ['in\u200B visi\u202Eble', 'in visible'],
    ['two\nlines\t| and a cell', 'two lines ¦ and a cell'],
    ['keep `@code` as it is', 'keep `@code` as it is'],
    ['an open ` backtick', 'an open &#96; backtick'],
    ['plain words stay plain', 'plain words stay plain'],
  ])('%j becomes harmless and stays readable', (text, clean) => {
    expect(cleanLine(text, 200)).toBe(clean);
  });

  it('shortens to whole characters', () => {
    expect(cleanLine('abcdef', 4)).toBe('abc…');
    expect(cleanLine('ab😀cdef', 4)).toBe('ab…');
  });

  it('leaves nothing live, and never leaves its table cell', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const clean = cleanLine(text, 300);

        expect(liveThings(`x ${clean}`)).toEqual([]);
        expect(clean).not.toMatch(/[|\n\r]/);
        const [table] = marked.lexer(`| a | b |\n|---|---|\n| ${clean} | end |\n\n${SENTINEL}`);
        expect(table).toMatchObject({ type: 'table', rows: [[{}, { text: 'end' }]] });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('cleanBlock', () => {
  it('keeps the form of prose and takes out what acts', () => {
    const text = [
      '# Plan for @acme/core',
      '',
      '- [x] read [the docs](https://evil.example/docs)',
      '- use `@decorator`',
      '',
      '```ts',
      '@Injectable() // fixes #1, <T>',
      '```',
      '/approve',
      '<details><summary>more</summary>',
    ].join('\n');

    expect(cleanBlock(text, 10_000)).toMatchInlineSnapshot(`
      "#### Plan for @​acme/core

      - [x] read [the docs]​(\`https://evil.example/docs\`)
      - use \`@decorator\`

      \`\`\`ts
      @Injectable() // fixes #1, <T>
      \`\`\`
      &#47;approve
      <​details><​summary>more<​/summary>"
    `);
  });

  it('makes no picture of a diagram that a model drew', () => {
    expect(cleanBlock('```mermaid\ngraph TD\n```', 1000)).toBe('```text\ngraph TD\n```');
  });

  it('keeps a long line whole where there is room for it', () => {
    const line = `Changed \`src/a-module.ts\` ${'and a word '.repeat(40)}`.trim();

    expect(cleanBlock(line, 600)).toBe(line);
    expect(quoteBlock(line, 600)).toBe(`> ${line}`);
  });

  it('breaks a line between words where there is not', () => {
    const cut = cleanBlock('some words here '.repeat(100), 600);

    const lines = cut.split('\n').slice(0, -2);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines)
      expect(line).toMatch(/^(?:some|words|here)\b.*\b(?:some|words|here)$/);
  });

  it('closes what was left open', () => {
    expect(cleanBlock('~~~\nnever closed', 1000)).toBe('```\nnever closed\n```');
  });

  it('is never a command in any of its lines', () => {
    expect(cleanBlock('/approve\n  @sluice approve', 1000)).toBe(
      '&#47;approve\n  &#64;\u200Bsluice approve',
    );
  });

  it('leaves nothing live and nothing open, whole or cut anywhere', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 200, max: 600 }), (text, max) => {
        const clean = cleanBlock(text, max);

        expect(liveThings(clean)).toEqual([]);
        expect(byteLength(clean)).toBeLessThanOrEqual(max);
        const last = marked
          .lexer(`${clean}\n\n${SENTINEL}\n`)
          .findLast(({ type }) => type !== 'space');
        expect(last).toMatchObject({ type: 'paragraph', text: SENTINEL });
      }),
      { numRuns: 3000 },
    );
  });
});

describe('quoteBlock', () => {
  it('lets nothing inside leave the quotation', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 200, max: 600 }), (text, max) => {
        const quoted = quoteBlock(text, max);

        expect(liveThings(quoted)).toEqual([]);
        expect(quoted.split('\n').every((line) => line.startsWith('>'))).toBe(true);
        const outside = marked
          .lexer(`${quoted}\n\n${SENTINEL}`)
          .filter(({ type }) => type !== 'space');
        expect(outside.map(({ type }) => type)).toEqual(['blockquote', 'paragraph']);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('fencedBlock', () => {
  it('is one code block, whatever is inside', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 300 }), (text, max) => {
        const tokens = marked.lexer(`${fencedBlock(text, 'json', max)}\n\n${SENTINEL}`);

        expect(tokens[0]).toMatchObject({ type: 'code', lang: 'json' });
        expect(tokens.at(-1)).toMatchObject({ type: 'paragraph', text: SENTINEL });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('surface test 29: an output of 300,000 characters with open details and fences', () => {
  const output =
    `<details>\n\n${'```ts\nconst x = "`";\n<details><summary>@acme/core</summary>\n'.repeat(6000)}`.slice(
      0,
      300_000,
    );

  it('is valid Markdown after cutting, within the limit', () => {
    const cut = cleanBlock(output, 20_000);

    expect(byteLength(cut)).toBeLessThanOrEqual(20_000);
    expect(liveThings(cut)).toEqual([]);
    expect(marked.lexer(`${cut}\n\n${SENTINEL}`).at(-1)).toMatchObject({ text: SENTINEL });
    expect(cut).toMatch(/more lines left out\*$/);
  });

  it('keeps both ends where there is room for them, and says so', () => {
    const kept = keepEnds(`first words\n${output}\nlast words`, 20_000, 10_000);

    expect(kept).toMatch(/^first words\n/);
    expect(kept).toMatch(/the first 20,000 and the last 10,000 …\*/);
    expect(kept).toContain('last words');
    expect(liveThings(kept)).toEqual([]);
  });

  it('survives a single line of that length', () => {
    const cut = cleanBlock('x'.repeat(300_000), 20_000);

    expect(byteLength(cut)).toBeLessThanOrEqual(20_000);
    expect(byteLength(cut)).toBeGreaterThan(15_000);
  });
});

describe('surface test 31: hostile model text', () => {
  it('with a team, a closing word, a tracking address and hidden characters is neutral', () => {
    const text =
      '@everyone-team fixes #1 ![](https://evil.example/p?u=1)\u200B\u2066 <b>&#64;all</b>';

    expect(liveThings(cleanBlock(text, 1000))).toEqual([]);
    expect(liveThings(cleanLine(text, 1000))).toEqual([]);
    expect(cleanBlock(text, 1000)).not.toMatch(/[\u2066\u202E]/);
  });
});

describe('code and plainLine', () => {
  it('keep a name in its code span', () => {
    expect(code('a`b|c\nd')).toBe("`a'b¦c d`");
    expect(code('')).toBe('` `');
  });

  it('hold one line without secrets', () => {
    expect(plainLine(`a\n b ghp_${'x1'.repeat(18)}`, 100)).toBe('a b [secret removed]');
  });

  it('drop control, hidden and half characters, and keep pictures', () => {
    expect(withoutInvisible('a\u0000\u0007b\u{E0041}c\uD800d\u2028e ⏸️')).toBe('abc\uFFFDd\ne ⏸️');
  });
});
