import { describe, expect, it } from 'vitest';
import { renderShellLine } from '#src/render/template/shell-line.ts';

const variables = {
  branch: { value: "it's; rm -rf /\n$(id) `id` #", untrusted: true },
  count: { value: 3, untrusted: false },
};

describe('renderShellLine', () => {
  it.each([
    ['git log {{ branch }}', "git log 'it'\\''s; rm -rf /\n$(id) `id` #'"],
    ['head -n {{ count }} "a file" x', 'head -n \'3\' "a file" x'],
    ['echo a#b {{ count }}', "echo a#b '3'"],
    ['echo one # two\necho {{ count }}', "echo one # two\necho '3'"],
    ['{% set n %}{{ count }}0{% endset %}echo {{ n }}', "echo '30'"],
  ])('makes one quoted word of each value in %j', (source, line) => {
    expect(renderShellLine(source, { variables })).toEqual({ ok: true, text: line });
  });

  it.each([
    ["echo '{{ branch }}'"],
    ['echo "a {{ branch }}"'],
    ['echo `ls {{ branch }}`'],
    ['echo \\{{ branch }}'],
    ['ls # {{ branch }}'],
    ['cat <<EOF\n{{ branch }}\nEOF'],
    ["echo $'{{ branch }}'"],
  ])('refuses %j, where a quoted word would not be one', (source) => {
    expect(renderShellLine(source, { variables })).toMatchObject({
      ok: false,
      error: { code: 'template-refused' },
    });
  });

  it('refuses a value with a NUL character', () => {
    const nul = { value: 'a\0b', untrusted: true };

    expect(renderShellLine('echo {{ nul }}', { variables: { nul } })).toMatchObject({ ok: false });
  });
});
