import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { workflowSchema } from '../../../scripts/reference/workflow-schema.ts';

const root = join(import.meta.dirname, '../../..');
const validate = new Ajv2020({ strict: false }).compile(JSON.parse(workflowSchema()) as object);
const builtins = readdirSync(join(root, 'workflows')).filter((file) => file.endsWith('.yml'));

describe('the JSON Schema for editors', () => {
  it.each(builtins)('accepts the built-in workflow %s', (file) => {
    const data: unknown = parse(readFileSync(join(root, 'workflows', file), 'utf8'));

    validate(data);

    expect(validate.errors).toBeNull();
  });

  it.each(['unknown-top-key', 'unknown-nested-key', 'wrong-types', 'bad-enum', 'name-with-blanks'])(
    'refuses %s',
    (name) => {
      const file = join(root, 'test/fixtures/broken', `${name}.yml`);

      expect(validate(parse(readFileSync(file, 'utf8')))).toBe(false);
    },
  );
});
