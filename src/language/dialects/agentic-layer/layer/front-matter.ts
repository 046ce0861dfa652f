import { z } from 'zod';
import { readYaml } from '../../../problems/read-yaml.ts';
import { Places } from '../../places.ts';
import { splitMarkdown } from '../../split-markdown.ts';
import type { LayerContext, LayerText } from './layer-context.ts';

const Text = z.string().min(1).max(500);
const Right = z.enum(['read', 'search', 'execute', 'write']);
const Parameter = z.union([
  Text,
  z.strictObject({
    name: Text,
    type: z.enum(['string', 'number', 'integer', 'boolean']).default('string'),
    description: z.string().max(500).default(''),
    required: z.boolean().default(false),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  }),
]);

/** What people start by name. */
export const CommandFront = z.strictObject({
  name: Text.optional(),
  description: z.string().max(500).default(''),
  parameters: z.array(Parameter).default([]),
  tools: z.array(Right).default(['read', 'search']),
});

/** What agents do when the occasion arises. */
export const SkillFront = z.strictObject({
  name: Text.optional(),
  description: z.string().max(500).default(''),
  trigger: z.union([Text, z.array(Text)]).optional(),
  output_format: z.enum(['json', 'text', 'markdown']).default('json'),
  tools: z.array(Right).default(['read', 'search']),
});

export interface Fronted<Front> {
  readonly front: Front;
  readonly body: string;
  readonly bodyLine: number;
  readonly places: Places;
  readonly file: string;
}

/** Reads a Markdown file with front matter; null if it is not sound, which is reported. */
export function readFronted<Front>(
  { key, text }: LayerText,
  schema: z.ZodType<Front>,
  noun: string,
  context: LayerContext,
): Fronted<Front> | null {
  const parts = splitMarkdown(text);
  if (parts === null || parts.body.trim() === '') {
    const message = `a ${noun} file starts with \`---\`, its description as YAML and \`---\`, and goes on with what to do.`;
    context.problems.push({ path: key, line: 1, column: 1, code: 'yaml', message });
    return null;
  }
  const { front, body, bodyLine } = parts;
  const yaml = readYaml(front.trim() === '' ? '\n{}' : `\n${front}`, key);
  if (!yaml.ok) {
    context.problems.push(...yaml.problems);
    return null;
  }
  const parsed = context.parse({ ...yaml, path: key }, schema, noun);
  if (parsed === null) return null;
  return { front: parsed.value, body, bodyLine, places: new Places(yaml.positions), file: key };
}
