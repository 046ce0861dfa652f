import { z } from 'zod';
import { Workflow } from '#src/language/native/schema/workflow.ts';

/** JSON Schema of workflow files, for editors. */
export function workflowSchema(): string {
  const schema = z.toJSONSchema(Workflow, {
    io: 'input',
    // Examples are YAML for the reference; JSON Schema has no place for them.
    override: ({ jsonSchema }) => {
      delete jsonSchema['example'];
    },
  });
  const titled = { title: 'Sluice workflow', ...schema };
  return `${JSON.stringify(titled, null, 2)}\n`;
}
