import { z } from 'zod';
import type { AgentTool } from '../agents/agent.ts';
import { visibleOutputs } from '../engine/read/visible-outputs.ts';
import { readPath } from '../plan/read-path.ts';
import type { Attempt } from './attempt.ts';
import { readVisible, type SeenOutput } from './outputs/read-visible.ts';
import type { StepDeps } from './step-deps.ts';

/** Anything beyond one page is fetched by `offset`, so that no model is flooded. */
const PAGE = 50_000;
const PREVIEW = 200;

const Arguments = z.object({
  name: z.string(),
  key: z.string().optional(),
  offset: z.number().default(0),
  preview: z.boolean().default(false),
});

/** Lets the agent fetch an earlier step's whole answer when the prompt only had its beginning. */
export function outputTool(deps: StepDeps, attempt: Attempt): AgentTool {
  const { plan, run } = attempt.stored;
  const names = visibleOutputs(plan, run, attempt.node).map(({ name }) => name);
  return {
    name: 'get_output',
    description: `Returns the full text of an earlier step's output, or one field of it. Available: ${names.join(', ') || 'none'}.`,
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', description: 'Name of the output.' },
        key: {
          type: 'string',
          description: 'Field of its structured result, such as "tasks" or "tasks.0.title".',
        },
        offset: { type: 'integer', minimum: 0, description: 'Character to start from.' },
        preview: {
          type: 'boolean',
          description: `Only its size, its fields and its first ${PREVIEW} characters.`,
        },
      },
      required: ['name'],
    },
    async call(args) {
      const { name, key, offset, preview } = Arguments.parse(args);
      const output = (await readVisible(deps, attempt)).find((one) => one.name === name);
      if (output === undefined || output.visibility.mode === 'none')
        return `There is no output named ${JSON.stringify(name)} that this step may see.`;
      const text = key === undefined ? output.text : fieldOf(output, key);
      if (text === null) return `${name} has no field ${JSON.stringify(key)}. ${fieldsOf(output)}`;
      if (text === '') return `${name} is empty.`;
      if (preview)
        return `${text.length} characters. ${fieldsOf(output)}\n${text.slice(0, PREVIEW)}`;
      return pageOf(text, offset);
    },
  };
}

function fieldOf({ fetched: data }: SeenOutput, key: string): string | null {
  const value = readPath(data, key);
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function fieldsOf({ fetched: data }: SeenOutput): string {
  if (typeof data !== 'object' || data === null) return 'It has no fields.';
  return `Its fields: ${Object.keys(data).join(', ')}.`;
}

function pageOf(text: string, offset: number): string {
  const page = text.slice(offset, offset + PAGE);
  const end = offset + page.length;
  if (end >= text.length) return page;
  return `${page}\n\n[${text.length - end} more characters from offset ${end}]`;
}
