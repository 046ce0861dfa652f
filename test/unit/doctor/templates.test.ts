import { describe, expect, it } from 'vitest';
import { diagnose } from '#src/doctor/diagnose.ts';
import { aDefinition, aPlan } from '#test/support/language/builders.ts';

const WORKFLOW = `name: a
steps:
  - {id: look, agent: Planner, prompt: x, optional: true, result: {required_keys: [places]}}
  - {id: change, agent: Engineer, depends_on: [look], prompt_file: prompts/change.md}
`;

describe('the doctor on a prompt file', () => {
  it('names the file and its line for what may be missing in it, or in what it includes', () => {
    const files = {
      'prompts/change.md': 'Change it.\n{% include "prompts/where.md" %}\n{{ look.places }}\n',
      'prompts/where.md': '{{ look.places | default("everywhere") }}\n\n{{ look.places }}\n',
    };

    const found = diagnose({
      definition: aDefinition(WORKFLOW, files),
      plan: aPlan(WORKFLOW, { files }),
      surroundings: { teams: null, hasFile: null, commands: null },
    });

    expect(
      found.map(({ line, rule, message }) => `${line} ${rule} ${message.slice(0, 54)}`),
    ).toEqual([
      '4 may-be-missing prompts/change.md, line 3: `look.places` may not be th',
      '4 may-be-missing prompts/where.md, line 3: `look.places` may not be the',
    ]);
  });
});
