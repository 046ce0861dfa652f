import type { Command, HelpCommand, ListCommand, StatusCommand } from '../../commands/command.ts';
import { renderEnough } from '../../render/answer/answer.ts';
import { renderHelp } from '../../render/answer/help.ts';
import { renderList } from '../../render/answer/list.ts';
import { renderStatus } from '../../render/answer/status.ts';
import type { ReportInput } from '../../render/comment/report-input.ts';
import { ANSWERS_PER_HOUR, hasAskedEnough } from '../../runs/has-asked-enough.ts';
import { readPostedLinks } from '../../runs/posted-links.ts';
import { readQuiet } from '../../runs/read-quiet.ts';
import { type StoredRun } from '../../runs/stored-run.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import { listWorkflowNames, listWorkflows } from '../library/find-workflow.ts';
import { ABOUT_NO_RUN, type Performer, performer, type RequestFor } from '../performer.ts';
import type { LookupDeps, VerbDeps } from '../verb-deps.ts';

/** The workflows of this repository. */
export const performList = answering<ListCommand>(async (deps, { forge, repository }) =>
  renderList(await listWorkflows(deps, forge, repository), deps.settings.prefix),
);

export const performHelp = answering<HelpCommand>(async (deps, { command, forge, repository }) => {
  const { prefix, bareCommands } = deps.settings;
  const { launchers: workflows } = await listWorkflowNames(deps, forge, repository);
  return renderHelp(command.topic, { prefix, bare: bareCommands, workflows });
});

/** What runs on this thread and what it is waiting for. */
export const performStatus = answering<StatusCommand>(async (deps, { repository, number }) => {
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const inputs = await Promise.all(runs.map((stored) => inputFor(deps, stored)));
  return renderStatus(inputs, deps.settings.prefix);
});

/** People who work here may ask as often as they like; anybody else could flood a thread. */
function answering<C extends Command>(
  answer: (deps: LookupDeps, request: RequestFor<C>) => Promise<string>,
): Performer<C> {
  return performer<C, null>({
    about: async () => ABOUT_NO_RUN,
    async act(deps, request, { isOutsider }) {
      if (isOutsider && (await hasEnough(deps, request)))
        return {
          moment: 'not-understood',
          answer: renderEnough(ANSWERS_PER_HOUR),
          isRefusal: true,
        };
      return { moment: 'nothing-to-do', answer: await answer(deps, request) };
    },
  });
}

function hasEnough(
  deps: VerbDeps,
  { key, repository, actor }: RequestFor<Command>,
): Promise<boolean> {
  return hasAskedEnough(deps.runs, { key, repositoryId: repository.id, login: actor.login });
}

async function inputFor(deps: LookupDeps, { run, plan, context }: StoredRun): Promise<ReportInput> {
  const { prefix, bareCommands, instance, version } = deps.settings;
  return {
    plan,
    run,
    context,
    records: [],
    outputs: {},
    links: { runPage: null, ...(await readPostedLinks(deps.runs, run.id)) },
    quiet: await readQuiet(deps.runs, run, deps.settings.quietAfterMs),
    now: deps.runs.now(),
    settings: {
      prefix,
      bare: bareCommands,
      instance,
      version,
      mention: 'none',
      endComment: 'never',
    },
  };
}
