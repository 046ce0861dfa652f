import type { RunContext } from '../../engine/state/run-context.ts';
import { renderProblem } from '../../language/problems/problem.ts';
import { previewPlan } from '../../render/preview/preview.ts';
import { renderPreview } from '../../render/preview/render-preview.ts';
import { type CliArguments, type CliCommand, JSON_OPTION, PATH_OPTION } from '../command.ts';
import { EXIT, type ExitCode, type Io } from '../io.ts';
import { compileIn, findDefinition, openLibrary } from '../library.ts';

export const plan: CliCommand = {
  usage: 'plan <workflow> [task]',
  summary: 'show what a run would be like',
  details: `Prints the graph (Mermaid), the order, gates, rights, loops, and every prompt as it will be
sent, with a note in brackets wherever the result of an earlier step will stand. Tokens are
estimated as characters / 4. Nothing runs. Exit status 1: the workflow cannot be put together.`,
  options: {
    path: PATH_OPTION,
    json: JSON_OPTION,
    'no-prompts': { type: 'boolean', help: 'Leave the prompts out.' },
  },
  words: { min: 1, max: 2 },
  run,
};

function run(given: CliArguments, io: Io): ExitCode {
  const [name = '', task] = given.words;
  const library = openLibrary(io.cwd, given.values.get('path') ?? '.');
  const compiled = compileIn(library, findDefinition(library, name));
  if (!compiled.ok) {
    for (const problem of compiled.problems) io.err(`${renderProblem(problem)}\n`);
    return EXIT.problems;
  }
  const context = placeholderContext(name, task ?? null);
  const preview = previewPlan(compiled.plan, { context, params: {} });
  io.out(
    given.flags.has('json')
      ? `${JSON.stringify(preview, null, 2)}\n`
      : `${renderPreview(preview, !given.flags.has('no-prompts'))}\n`,
  );
  return preview.steps.some(({ problem }) => problem !== null) ? EXIT.problems : EXIT.ok;
}

/** An issue that does not exist yet. */
function placeholderContext(workflow: string, task: string | null): RunContext {
  return {
    installationId: 0,
    repository: {
      id: 0,
      owner: '[owner]',
      name: '[repository]',
      cloneUrl: '',
      htmlUrl: '',
      defaultBranch: '[default branch]',
      private: false,
    },
    subject: { type: 'issue', number: 0, title: '[title]', author: '[author]' },
    branch: '[branch]',
    baseSha: '',
    baseRef: '[base branch]',
    workflow,
    task: task ?? '[title and text of the issue or pull request]',
    origin: 'github',
    trigger: { via: 'cli', login: '', text: '', deliveryId: null, commentId: null },
  };
}
