/** Names every prompt has besides the outputs before it, and what they hold. */
export const PROMPT_NAMES: Readonly<Record<string, string>> = {
  task: 'What the starter and the issue or pull request ask for.',
  params: 'Parameters of the start: `params.<name>`.',
  outputs: 'Every visible output by name, for names that are no variables: `outputs["my-step"]`.',
  loop_context:
    'Null on the first visit; later `iteration`, `max`, `failures`, `guidance`, `previous_attempts`.',
  subject: 'The issue or pull request: `type`, `number`, `title`, `author`.',
  repository: '`owner`, `name`, `default_branch`.',
  branch: 'Branch the run writes to.',
  base_branch: 'Branch a pull request goes to.',
  workflow: 'Name of the workflow.',
  index: 'Inside `foreach`: position of the item, from 0.',
};

/** Fields of our own names; a name with none is text. What people and steps say has its own fields. */
export const FIELDS_OF_NAMES: Readonly<Record<string, readonly string[]>> = {
  task: [],
  loop_context: ['iteration', 'max', 'failures', 'guidance', 'previous_attempts'],
  subject: ['type', 'number', 'title', 'author'],
  repository: ['owner', 'name', 'default_branch'],
  branch: [],
  base_branch: [],
  workflow: [],
  index: [],
};

const WORDS =
  'loop text outcome result and or not in contains exists true false null none starts_with if else is'.split(
    ' ',
  );

/** What cannot be the name of an output or parameter, because it already means something. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(PROMPT_NAMES),
  ...WORDS,
]);
