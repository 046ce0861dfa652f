export interface Callable {
  readonly description: string;
  readonly args: Readonly<Record<string, CallableArgument>>;
}

export interface CallableArgument {
  readonly type: 'text' | 'number' | 'texts';
  readonly required: boolean;
  readonly description: string;
}

const optional = (type: CallableArgument['type'], description: string): CallableArgument => ({
  type,
  required: false,
  description,
});
const required = (type: CallableArgument['type'], description: string): CallableArgument => ({
  type,
  required: true,
  description,
});

const NUMBER = optional('number', "Its number; the run's own if left out.");
const BASE = optional(
  'text',
  'Full id of the commit compared with; where the run began if left out.',
);

/** Every function `auto_run` may name. Nothing else can be called. */
export const CALLABLES: Readonly<Record<string, Callable>> = {
  'git.diff_stat': {
    description: 'What the run has changed so far: `files`, `additions`, `deletions`, `changed`.',
    args: { base: BASE, limit: optional('number', 'How many files are listed; 100 by default.') },
  },
  'git.changed_files': {
    description: 'Paths the run has changed so far: `files`, `count`.',
    args: { base: BASE },
  },
  'github.issue': {
    description: 'An issue: `title`, `body`, `state`, `author`, `labels`.',
    args: { number: NUMBER },
  },
  'github.pull_request': {
    description:
      'A pull request: `title`, `body`, `state`, `draft`, `merged`, branches and commits.',
    args: { number: NUMBER },
  },
  'github.pull_request_files': {
    description: 'What a pull request changes: `files`, each with `path`, `status` and lines.',
    args: { number: NUMBER, limit: optional('number', 'How many; 300 by default.') },
  },
  'repo.read_file': {
    description:
      'A file as the run left it: `text`, `bytes`, `truncated`; fails when there is none.',
    args: {
      path: required('text', 'Path from the root of the repository.'),
      max_bytes: optional('number', 'Where it is cut; 200000 by default.'),
    },
  },
  'repo.list_files': {
    description: 'Paths of files as the run left them: `files`, `count`, `truncated`.',
    args: {
      glob: optional('text', 'Only those that match, such as `src/**/*.ts`.'),
      limit: optional('number', 'How many; 1000 by default.'),
    },
  },
  'runs.history': {
    description: 'Earlier runs of the repository, newest first: `runs`.',
    args: {
      workflow: optional('text', 'Only of this workflow.'),
      limit: optional('number', 'How many; 20 by default.'),
    },
  },
  'runs.output': {
    description: 'An earlier output of this run: `text`, `data`, `size`.',
    args: { name: required('text', 'Name of the output.') },
  },
};
