import { describe, expect, it } from 'vitest';
import { parsePersona } from '#src/language/native/parse/parse-persona.ts';
import { renderProblem } from '#src/language/problems/problem.ts';

function messages(text: string): readonly string[] {
  const parsed = parsePersona(text, 'p.md');
  return parsed.ok ? [] : parsed.problems.map(renderProblem);
}

describe('parsePersona', () => {
  it.each(['\n', '\r\n'])('reads front matter and system prompt with line ends %j', (end) => {
    const text = [
      '---',
      'name: Dba',
      'description: Knows SQL',
      'access: edit',
      '---',
      '',
      'You know',
      'SQL.',
      '',
    ];

    expect(parsePersona(text.join(end), 'p.md')).toEqual({
      ok: true,
      persona: {
        name: 'Dba',
        description: 'Knows SQL',
        systemPrompt: `You know${end}SQL.`,
        model: null,
        access: 'edit',
      },
    });
  });

  it('keeps lines of three dashes in the prompt', () => {
    const parsed = parsePersona('---\nname: Dba\n---\nabove\n---\nbelow\n', 'p.md');

    expect(parsed).toMatchObject({ persona: { systemPrompt: 'above\n---\nbelow' } });
  });

  it.each([
    [
      'You know SQL.\n',
      'p.md:1:1: a persona file starts with `---`, its name and description as YAML, and `---`.',
    ],
    [
      '',
      'p.md:1:1: a persona file starts with `---`, its name and description as YAML, and `---`.',
    ],
    ['---\nname: Dba\n---\n', 'p.md:1:1: the system prompt below the second `---` is missing.'],
    ['---\ndescription: x\n---\nYou.\n', 'p.md:2:1: the persona needs the key `name`.'],
    [
      '---\nname: Dba\nacces: edit\n---\nYou.\n',
      'p.md:3:1: a persona has no key `acces`. Did you mean `access`?',
    ],
    [
      '---\nname: Dba\naccess: write\n---\nYou.\n',
      'p.md:3:9: `access` must be `readonly`, `execute`, `edit` or `full`, not `write`.',
    ],
    ['---\nname: "Dba\n---\nYou.\n', 'p.md:2:11: missing closing "quote.'],
    [
      '---\n---\nYou.\n',
      'p.md:1:1: a persona file starts with `---`, its name and description as YAML, and `---`.',
    ],
  ])('says what is wrong with %j', (text, message) => {
    expect(messages(text)).toEqual([message]);
  });
});
