import { describe, expect, it } from 'vitest';
import { parseTemplate } from '#src/language/template/parse-template.ts';
import { findUses } from '#src/language/template/template-names.ts';

function names(source: string): readonly string[] {
  return findUses(parseTemplate(source)).names.map(
    ({ path, guarded }) => `${path.join('.')}${guarded ? '?' : ''}`,
  );
}

describe('findUses', () => {
  it.each<[string, readonly string[]]>([
    ['{{ a }} ${b.c} {{ d["e"].f }}', ['a', 'b.c', 'd.e.f']],
    ['{{ a[b.c].d }}', ['a.*', 'b.c']],
    ['{{ a | default(b) | upper }}', ['a?', 'b']],
    ['{% if a is defined and b is not undefined and c %}{% endif %}', ['a?', 'b?', 'c']],
    ['{% if a %}{{ b }}{% elif c %}{{ d }}{% else %}{{ e }}{% endif %}', ['a', 'b', 'c', 'd', 'e']],
    [
      '{% for x in a %}{{ x }}{{ loop.index }}{% else %}{{ x }}{% endfor %}{{ x }}',
      ['a', 'x', 'x'],
    ],
    ['{% for k, v in a %}{{ k }}{{ v }}{% endfor %}', ['a']],
    ['{% set x = a %}{{ x }}{% set y %}{{ b }}{{ x }}{% endset %}{{ y }}', ['a', 'b']],
    ['{% if a %}{% set x = 1 %}{% endif %}{{ x }}', ['a']],
    ['{{ [a, b] }}{{ {"k": c} }}{{ -d }}{{ e ~ f }}', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['{{ a if b else c }}{{ d if e }}', ['b', 'a', 'c', 'e', 'd']],
    ['{{ a == b < c }}{{ d in e }}{{ not f }}', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['{% filter upper %}{{ a }}{% endfilter %}{% raw %}{{ b }} ${c}{% endraw %}', ['a']],
    ['{{ "text" }}{{ 3 }}{# a #}$${b}', []],
  ])('finds in %s what is read from outside', (source, expected) => {
    expect(names(source)).toEqual(expected);
  });

  it('finds the included files', () => {
    const source = '{% include "a.md" %}\n{% if x %}{% include "b.md" ignore missing %}{% endif %}';

    expect(findUses(parseTemplate(source)).includes).toMatchObject([
      { file: 'a.md', optional: false, at: { line: 1 } },
      { file: 'b.md', optional: true, at: { line: 2 } },
    ]);
  });
});
