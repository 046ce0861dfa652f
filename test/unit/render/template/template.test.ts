import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TemplateError } from '#src/language/template/template-error.ts';
import {
  type PrintedValue,
  renderTemplate,
  type TemplateInput,
} from '#src/render/template/template.ts';

const variables: TemplateInput['variables'] = {
  task: { value: 'add {{ x }} and ${y}', untrusted: true },
  plan: {
    value: { scale: 'large', files: ['b.ts', 'a.ts'], sizes: { small: 1, big: 20 }, empty: [] },
    text: 'the plan in words',
    untrusted: true,
  },
  count: { value: 3, untrusted: false },
  nothing: { value: null, untrusted: false },
};

function render(source: string, files: Record<string, string> = {}): string {
  const rendered = renderTemplate(source, { variables, files });
  if (!rendered.ok) throw rendered.error;
  return rendered.text;
}

function failure(source: string, files: Record<string, string> = {}): TemplateError {
  const rendered = renderTemplate(source, { variables, files });
  if (rendered.ok) throw new Error(`rendered ${rendered.text.slice(0, 100)}`);
  return rendered.error;
}

function marked({ text, origin }: PrintedValue): string {
  return origin === null ? text : `<${origin}:${text}>`;
}

describe('renderTemplate', () => {
  it.each([
    ['{{ count }} and ${count}', '3 and 3'],
    ['{{ plan }}', 'the plan in words'],
    ['{{ plan.scale }} ${plan.scale} {{ plan["scale"] }}', 'large large large'],
    ['{{ plan.files[0] }} {{ plan.files[-1] }}', 'b.ts a.ts'],
    ['{{ plan.sizes }}', '{\n  "small": 1,\n  "big": 20\n}'],
    ['{{ plan.files | sort | join(", ") }}', 'a.ts, b.ts'],
    ['{{ plan.files | length }} {{ plan.scale | upper }}', '2 LARGE'],
    ['{{ nothing }}|{{ missing | default("-") }}|{{ missing.deep | default("-") }}', '|-|-'],
    ['{% if plan.empty %}yes{% else %}no{% endif %}', 'no'],
    ['{% if missing %}yes{% elif count > 2 %}more{% endif %}', 'more'],
    ['{{ missing == 3 }} {{ missing != 3 }} {{ plan.scope == "large" }}', 'false true false'],
    ['{% if missing is defined %}yes{% else %}no{% endif %}', 'no'],
    [
      '{% for f in plan.files %}{{ loop.index }}{{ f }}{{ "," if not loop.last }}{% endfor %}',
      '1b.ts,2a.ts',
    ],
    ['{% for k, v in plan.sizes %}{{ k }}={{ v }} {% endfor %}', 'small=1 big=20 '],
    ['{% for f in plan.empty %}x{% else %}none{% endfor %}', 'none'],
    [
      '{% set n = count + 1 %}{{ n * 2 }} {{ 7 // 2 }} {{ -count }} {{ 2 ** 3 }} {{ 7 % 4 }}',
      '8 3 -3 8 3',
    ],
    ['{% set block %}a{{ count }}{% endset %}{{ block }}{{ block }}', 'a3a3'],
    ['{% filter upper %}a{{ count }}b{% endfilter %}', 'A3B'],
    [
      '{{ "arg" in plan.scale }} {{ "a.ts" in plan.files }} {{ "big" in plan.sizes }}',
      'true true true',
    ],
    ['{{ count == 3 and plan.scale != "small" }}', 'true'],
    [
      '{{ "a" ~ count ~ "b" }} {{ [1, 2] | join("+") }} {{ {"a": 1} | dump }}',
      'a3b 1+2 {\n  "a": 1\n}',
    ],
    ['{# nothing #}{% raw %}{{ count }} ${count}{% endraw %}', '{{ count }} ${count}'],
    ['$${count} stays', '${count} stays'],
    ['costs $5 and ${} and ${1}', 'costs $5 and ${} and ${1}'],
    ['a\r\n{% if count %}\r\nb\r\n{% endif %}\r\nc', 'a\nb\nc'],
  ])('renders %j', (source, text) => {
    expect(render(source)).toBe(text);
  });

  it('never evaluates what is inside a value', () => {
    expect(render('{{ task }} / ${task}')).toBe('add {{ x }} and ${y} / add {{ x }} and ${y}');
  });

  it('includes files of the workflow folder, which see the same names', () => {
    const files = {
      'prompts/a.md': 'A {% include "prompts/b.md" %}',
      'prompts/b.md': 'B {{ count }}',
    };

    expect(render('{% include "prompts/a.md" %}!', files)).toBe('A B 3!');
    expect(render('{% include "prompts/none.md" ignore missing %}!', files)).toBe('!');
  });

  it('names what is missing, with line and column', () => {
    const error = failure('first\nsecond {{ plan.scope }}');

    expect(error).toMatchObject({ code: 'template-undefined', line: 2, column: 11 });
    expect(error.message).toContain('`plan.scope` is not set');
  });

  it('names the included file an error is in', () => {
    const error = failure('{% include "prompts/a.md" %}', { 'prompts/a.md': '\n{{ missing }}' });

    expect(error).toMatchObject({ file: 'prompts/a.md', line: 2, column: 4 });
  });

  it('tells the printer whose words a value is made of', () => {
    const source =
      '{{ count }} {{ task | upper }} {{ "a" ~ plan.scale }} {% for f in plan.files %}{{ f }}{% endfor %}{% set s %}x{{ task }}{% endset %}{{ s }}';

    const rendered = renderTemplate(source, { variables, print: marked });

    expect(rendered).toEqual({
      ok: true,
      text: '3 <task:ADD {{ X }} AND ${Y}> <plan.scale:alarge> <plan.files:b.ts><plan.files:a.ts><task:xadd {{ x }} and ${y}>',
    });
  });
});

describe('a hostile template', () => {
  it.each([
    ["{{ ''.constructor.constructor('return process')() }}", 'template-refused'],
    ['{{ task.constructor }}', 'template-refused'],
    ['{{ plan.__proto__ }}', 'template-refused'],
    ['{{ plan["__pro" ~ "to__"].polluted }}', 'template-refused'],
    ['{{ plan.prototype }}', 'template-refused'],
    ['{{ plan.toString }}', 'template-undefined'],
    ['{{ plan.hasOwnProperty }}', 'template-undefined'],
    ['{{ task.length }}', 'template-undefined'],
    ['{{ plan.files.map }}', 'template-undefined'],
    ['{{ plan.toString() }}', 'template-refused'],
    ['{{ range(1000000000) }}', 'template-refused'],
    ['{% for i in range(1000000000) %}x{% endfor %}', 'template-refused'],
    ['{{ cycler("a", "b") }}', 'template-refused'],
    ['{{ joiner() }}', 'template-refused'],
    ['{{ lipsum() }}', 'template-refused'],
    ['{{ super() }}', 'template-refused'],
    ['{{ caller() }}', 'template-refused'],
    ['{{ self }}', 'template-undefined'],
    ['{{ globals }}', 'template-undefined'],
    ['{{ process }}', 'template-undefined'],
    ['{{ globalThis }}', 'template-undefined'],
    ['{{ require("node:fs") }}', 'template-refused'],
    ['{{ task | attr("constructor") }}', 'template-refused'],
    ['{{ plan.files | groupby("length") }}', 'template-refused'],
    ['{{ plan.files | map("upper") }}', 'template-refused'],
    ['{{ plan.files | selectattr("x") }}', 'template-refused'],
    ['{{ task | safe }}', 'template-refused'],
    ['{{ task is callable }}', 'template-refused'],
    ['{{ r/(a+)+$/g }}', 'template-refused'],
    ['{{ task | replace(r/(a+)+$/, "b") }}', 'template-refused'],
    ['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', 'template-refused'],
    ['{% call m() %}x{% endcall %}', 'template-refused'],
    ['{% import "prompts/a.md" as a %}', 'template-refused'],
    ['{% from "prompts/a.md" import b %}', 'template-refused'],
    ['{% extends "prompts/a.md" %}', 'template-refused'],
    ['{% block a %}x{% endblock %}', 'template-refused'],
    ['{% switch count %}{% case 3 %}x{% endswitch %}', 'template-refused'],
    ['{% asyncEach i in plan.files %}x{% endeach %}', 'template-refused'],
    ['{% asyncAll i in plan.files %}x{% endall %}', 'template-refused'],
    ['{% ifAsync count %}x{% endif %}', 'template-refused'],
    ['{% include "../../etc/passwd" %}', 'template-include'],
    ['{% include "/etc/passwd" %}', 'template-include'],
    ['{% include "constructor" %}', 'template-include'],
    ['{% include "__proto__" %}', 'template-include'],
    ['{% include task %}', 'template-include'],
    ['{% include ["prompts/a.md"] %}', 'template-include'],
    ['{{ a"b }}', 'template-syntax'],
    ['{{ x`y` }}', 'template-syntax'],
    ['{{ x\\u0061 }}', 'template-syntax'],
    ['{% set __proto__ = 1 %}', 'template-syntax'],
    ['{% for loop in plan.files %}x{% endfor %}', 'template-syntax'],
    ['{% set a.b = 1 %}', 'template-syntax'],
    ['{{ "a" * 1000000000 }}', 'template-value'],
    ['{{ 9 ** 9999 }}', 'template-value'],
    ['{{ 1 / 0 }}', 'template-value'],
    ['{{ count | round(400) }}', 'template-value'],
    ['{{ task | indent(1000000000) }}', 'template-value'],
    ['{% for c in task %}x{% endfor %}', 'template-value'],
    ['{{ plan.sizes == plan.sizes }}', 'template-value'],
    ['{% for a, b in plan.files %}x{% endfor %}', 'template-value'],
    [`{{ ${'('.repeat(50_000)} }}`, 'template-limit'],
    [`{{ ${'['.repeat(500)}${']'.repeat(500)} }}`, 'template-limit'],
    [`{{ ${'not '.repeat(20_000)} count }}`, 'template-limit'],
    [`{{ ${'count+'.repeat(10_000)}1 }}`, 'template-limit'],
    ['{% if count %}'.repeat(5000), 'template-limit'],
    ['x'.repeat(100_001), 'template-limit'],
    ['{{ task', 'template-syntax'],
    ['{% if count %}', 'template-syntax'],
    ['{% endif %}', 'template-syntax'],
    ['{# never closed', 'template-syntax'],
    ['{{ }}', 'template-syntax'],
    ['{% nonsense %}', 'template-syntax'],
    ['{% for x of plan.files %}', 'template-syntax'],
    ['{{ (1, 2) }}', 'template-syntax'],
    ['{{ {count: 1, 2: 3} }}', 'template-syntax'],
    ['{{ "never closed }}', 'template-syntax'],
  ])('%j ends in %s, with a place', (source, code) => {
    const error = failure(source);

    expect(error).toBeInstanceOf(TemplateError);
    expect(error.code).toBe(code);
    expect(error.line).toBeGreaterThan(0);
    expect(error.column).toBeGreaterThan(0);
  });

  const ten = '[0,1,2,3,4,5,6,7,8,9]';
  const loops = (depth: number, body: string): string =>
    `${`{% for i in ${ten} %}`.repeat(depth)}${body}${'{% endfor %}'.repeat(depth)}`;
  it.each([
    ['nested loops', loops(8, 'x')],
    ['a text that doubles', `{% set s = "x" %}${loops(2, '{% set s = s ~ s %}')}`],
    [
      'a replacement that grows',
      `{% set s = "x" %}${loops(2, '{% set s = s | replace("x", "xxxxxxxxxx") %}')}`,
    ],
    [
      'a list that holds itself twice',
      `{% set l = [1] %}${loops(2, '{% set l = [l, l] %}')}{{ l }}`,
    ],
    [
      'the same list, counted as unique',
      `{% set l = [1] %}${loops(2, '{% set l = [l, l] %}')}{{ [l] | unique | length }}`,
    ],
    [
      'a block captured again and again',
      `{% set b = "x" %}${loops(2, '{% set b %}{{ b }}{{ b }}{% endset %}')}`,
    ],
    ['joins of joins', `{% set s = "xxxxxxxxxx" %}${loops(2, `{% set s = ${ten} | join(s) %}`)}`],
    [
      'searches in a long text',
      `{% set s = "a" %}${loops(1, '{% set s = s ~ s ~ s ~ s %}')}${loops(4, '{{ s ~ "b" in s }}')}`,
    ],
    [
      'indentation of many lines',
      `{% set s = "\n\n\n\n\n\n\n\n\n\n" %}${loops(2, '{% set s = s ~ s | indent(40) %}')}`,
    ],
    ['sorting over and over', loops(6, `{% set l = ${ten} | sort %}`)],
    ['maps in maps', `{% set m = {} %}${loops(2, '{% set m = {a: m, b: m} %}')}{{ m | dump }}`],
  ])('is stopped: %s', (_, source) => {
    expect(failure(source).code).toBe('template-limit');
  });

  it('cannot include files in a circle', () => {
    const files = { 'a.md': '{% include "b.md" %}', 'b.md': '{% include "a.md" %}' };

    expect(failure('{% include "a.md" %}', files).message).toContain('a.md → b.md → a.md');
  });

  it('cannot make one file include another without end', () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `${index}.md`,
        `{% include "${index + 1}.md" %}{% include "${index + 1}.md" %}`,
      ]),
    );

    expect(failure('{% include "0.md" %}', files).code).toBe('template-include');
  });

  it('does not run getters of a value', () => {
    let ran = false;
    const value = {
      get secret(): string {
        ran = true;
        return 'x';
      },
    };

    const rendered = renderTemplate('{{ v.secret | default("none") }}', {
      variables: { v: { value, untrusted: true } },
    });

    expect(rendered).toEqual({ ok: true, text: 'none' });
    expect(ran).toBe(false);
  });

  it('ends in text or a TemplateError whatever it is made of', () => {
    const pieces =
      '{{ }} {% %} {# #} {{- -%} ${ } ( ) [ ] { , if endif else for in endfor set endset = raw endraw filter include macro is not and or | . ~ + ** // == < r/ count plan files task default join loop "a" \' 1 1.5 \\'.split(
        ' ',
      );
    const sources = fc.array(fc.constantFrom(...pieces, '\n'), { maxLength: 25 });
    const endsWell = fc.property(sources, (parts) => {
      const rendered = renderTemplate(parts.join(' '), { variables });
      return rendered.ok || rendered.error.line > 0;
    });

    expect(fc.check(endsWell, { numRuns: 3000 })).toMatchObject({ failed: false });
  });
});
