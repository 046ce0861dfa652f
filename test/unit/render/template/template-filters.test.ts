import { describe, expect, it } from 'vitest';
import { FILTER_NAMES, TEST_NAMES } from '#src/language/template/vocabulary.ts';
import { renderTemplate } from '#src/render/template/template.ts';

const variables = {
  text: { value: ' one Two\nthree ', untrusted: true },
  n: { value: -2.567, untrusted: false },
  list: { value: [3, 1, 2, 1], untrusted: true },
  names: { value: ['b', 'C', 'a'], untrusted: true },
  map: { value: { b: 1, a: [2] }, untrusted: true },
  answer: { value: { ok: true }, text: 'in words', untrusted: true },
  none: { value: null, untrusted: false },
};

function render(source: string): string {
  const rendered = renderTemplate(source, { variables });
  return rendered.ok ? rendered.text : `${rendered.error.code}: ${rendered.error.message}`;
}

describe('filters', () => {
  const table: readonly (readonly [string, string])[] = [
    ['{{ n | abs }}', '2.567'],
    ['{{ text | trim | capitalize }}', 'One two\nthree'],
    ['{{ missing | default }}|{{ "" | default("x") }}|{{ "" | default("x", true) }}', '||x'],
    ['{{ map | dump }}', '{\n  "b": 1,\n  "a": [\n    2\n  ]\n}'],
    ['{{ answer | dump }}', '{\n  "ok": true\n}'],
    ['{{ names | first }} {{ [] | first | default("-") }}', 'b -'],
    ['{{ "a\nb" | indent }}|{{ "a\nb" | indent(1) }}', 'a\n    b|a\n b'],
    ['{{ n | int }} {{ "7.9" | int }}', '-2 7'],
    ['{{ list | join("-") }} {{ [] | join(",") }}', '3-1-2-1 '],
    ['{{ map | keys | join }}', 'ba'],
    ['{{ list | last }}', '1'],
    [
      '{{ list | length }} {{ map | length }} {{ "abc" | length }} {{ answer | length }}',
      '4 2 3 1',
    ],
    ['{{ text | trim | lines | length }}', '2'],
    ['{{ text | lower | trim }}', 'one two\nthree'],
    ['{{ "a.b.c" | replace(".", "-") }}', 'a-b-c'],
    ['{{ list | reverse | join }}', '1213'],
    ['{{ n | round }} {{ n | round(2) }}', '-3 -2.57'],
    ['{{ list | sort | join }} {{ names | sort | join }}', '1123 Cab'],
    ['{{ 3 | string | length }}', '1'],
    ['{{ "one two" | title }}', 'One Two'],
    ['{{ text | trim }}', 'one Two\nthree'],
    ['{{ "abcdef" | truncate(3) }} {{ "abc" | truncate(3) }}', 'abc… abc'],
    ['{{ list | unique | join }}', '312'],
    ['{{ answer | upper }}', 'IN WORDS'],
    ['{{ text | wordcount }}', '3'],
  ];

  it.each(table)('%j gives %j', (source, text) => {
    expect(render(source)).toBe(text);
  });

  it.each([
    ['{{ "abcdef" | truncate(length=3) }}', 'abc…'],
    ['{{ "abcdef" | truncate(length=3, end="...") }}', 'abc...'],
    ['{{ "abcdef" | truncate(3, end=names | first) }}', 'abcb'],
    ['{{ missing | default(value="x") }}', 'x'],
    ['{{ "" | default(boolean=true, value="x") }}', 'x'],
    ['{{ list | join(sep=", ") }}', '3, 1, 2, 1'],
    ['{{ "a.b" | replace(from=".", to="-") | upper }}', 'A-B'],
    ['{{ n | round(precision=1) }}', '-2.6'],
    ['{{ "a\nb" | indent(width=1) }}', 'a\n b'],
  ])('takes arguments by their names: %j gives %j', (source, text) => {
    expect(render(source)).toBe(text);
  });

  it.each(FILTER_NAMES)('has an example of %s above', (name) => {
    expect(table.some(([source]) => source.includes(`| ${name}`))).toBe(true);
  });

  it.each([
    ['{{ list | keys }}', '`list` is not a map'],
    ['{{ text | join }}', '`text` is not a list'],
    ['{{ text | abs }}', '`text` is not a number'],
    ['{{ text | replace("a") }}', 'replace needs 2 arguments'],
    ['{{ text | replace("", "x") }}', 'replace needs the text to replace'],
    ['{{ text | truncate(-1) }}', 'truncate takes a whole number'],
    ['{{ text | truncate("x") }}', 'truncate takes a whole number'],
    ['{{ missing | upper }}', '`missing` is not set'],
    ['{{ text | uper }}', 'Did you mean `upper`?'],
    ['{{ text | truncate(lenght=3) }}', 'it has length, end. Did you mean `length`?'],
    ['{{ text | upper(locale="de") }}', 'it takes no named arguments.'],
    ['{{ "abc" | truncate(2, length=3) }}', 'the filter truncate is given `length` twice'],
    ['{{ "abc" | replace(to="x") }}', 'replace needs the text to replace'],
    ['{{ text | truncate(length=missing.constructor) }}', 'template-refused: `missing.constructor'],
    ['{{ text | truncate(length=range(3)) }}', '`range()` cannot be used'],
    ['{{ text | default(constructor="x") }}', 'it has value, boolean.'],
    ['{{ list < 3 }}', '`list` is a list or a map'],
    ['{{ n < "a" }}', '< compares two numbers or two texts'],
    ['{{ missing < 3 }}', '`missing` is not set'],
    ['{{ text - 1 }}', '`text` is not a number'],
    ['{{ map[list] }}', 'a field is named by text or a number'],
    ['{{ [missing] }}', '`missing` is not set'],
    ['{% set x = missing %}', '`missing` is not set'],
  ])('%j says what is wrong', (source, message) => {
    expect(render(source)).toContain(message);
  });
});

describe('tests', () => {
  const table: readonly (readonly [string, string])[] = [
    ['{{ n is defined }} {{ missing is defined }} {{ none is defined }}', 'true false true'],
    ['{{ 2 is even }} {{ 3 is even }}', 'true false'],
    ['{{ list is iterable }} {{ text is iterable }}', 'true false'],
    ['{{ map is mapping }} {{ list is mapping }}', 'true false'],
    ['{{ none is null }} {{ n is not null }}', 'true true'],
    ['{{ n is number }} {{ text is number }}', 'true false'],
    ['{{ 3 is odd }} {{ -3 is odd }} {{ 2 is odd }}', 'true true false'],
    ['{{ text is string }} {{ answer is string }} {{ n is string }}', 'true true false'],
    ['{{ missing is undefined }} {{ n is undefined }}', 'true false'],
  ];

  it.each(table)('%j gives %j', (source, text) => {
    expect(render(source)).toBe(text);
  });

  it.each(TEST_NAMES)('has an example of %s above', (name) => {
    expect(table.some(([source]) => source.includes(`is ${name}`))).toBe(true);
  });

  it('refuses to ask a text whether it is odd', () => {
    expect(render('{{ text is odd }}')).toContain('`text` is not a whole number');
  });
});
