/** What a step of each type cannot do without; any one of the keys is enough. */
export const NEEDED_KEYS = {
  execute: ['prompt', 'prompt_file', 'skill'],
  evaluator: ['evaluate'],
  router: ['routes'],
  'sub-workflow': ['workflow'],
  extract: ['extract'],
  'multi-agent': ['workers'],
} as const;

export type StepType = keyof typeof NEEDED_KEYS;

export function isStepType(value: unknown): value is StepType {
  return typeof value === 'string' && Object.hasOwn(NEEDED_KEYS, value);
}
