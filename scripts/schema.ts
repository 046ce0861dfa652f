import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandsReference } from './reference/commands-reference.ts';
import { configurationReference } from './reference/configuration-reference.ts';
import { workflowReference } from './reference/workflow-reference.ts';
import { workflowSchema } from './reference/workflow-schema.ts';
import { architecture, wallRules } from './walls/generate.ts';

const ROOT = join(import.meta.dirname, '..');

/** Everything that is generated from schemas and tables, by its path in the repository. */
const FILES: Readonly<Record<string, () => string>> = {
  'schemas/workflow.schema.json': workflowSchema,
  'docs/workflow-reference.md': workflowReference,
  'docs/configuration.md': configurationReference,
  'docs/commands.md': commandsReference,
  'oxlint.walls.json': wallRules,
  'ARCHITECTURE.md': architecture,
};

function isStale(file: string, text: string): boolean {
  try {
    return readFileSync(join(ROOT, file), 'utf8') !== text;
  } catch {
    // A file that is not there yet is as stale as it can be.
    return true;
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(ROOT, file)), { recursive: true });
  writeFileSync(join(ROOT, file), text);
}

const stale = Object.entries(FILES)
  .map(([file, render]) => [file, render()] as const)
  .filter(([file, text]) => isStale(file, text));

if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is stale; run \`npm run schema\`.`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [file, text] of stale) {
    write(file, text);
    console.log(`wrote ${file}`);
  }
}
