import { stringify } from 'yaml';

/** A workflow to start from: it plans, asks, changes and reviews, and every line can be edited. */
export function starterFile(name: string, about: string | null): string {
  const goal = about === null ? '' : `\n\nWhat this workflow is for: ${about}`;
  const steps = [
    {
      id: 'plan',
      agent: 'Planner',
      prompt: `Find out what has to change in this repository for the task below, and write a plan of at\nmost ten points: which files, what in them, and how it will be tested.${goal}\n\n{{ task }}\n`,
      requires_approval: true,
      approval_prompt: 'Is this the change we want?',
    },
    {
      id: 'change',
      agent: 'Engineer',
      access: 'edit',
      depends_on: ['plan'],
      prompt:
        'Carry out this plan, and nothing besides it. Add or adapt the tests it names.\n\n{{ plan }}\n',
    },
    {
      id: 'review',
      agent: 'CodeReviewer',
      depends_on: ['change'],
      prompt:
        'Review the change in the working directory against the plan. List what is wrong or missing,\nworst first, each with file and line. Say so if nothing is.\n\n{{ plan }}\n{{ change }}\n',
    },
  ];
  const description =
    about ?? 'Plans a change, makes it once somebody has approved the plan, and reviews it.';
  return stringify({ name, description, steps }, { lineWidth: 0 });
}
