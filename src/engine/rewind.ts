import type { Draft } from './draft.ts';
import type { AttemptResult } from './event.ts';
import type { Place } from './place.ts';
import { useOf } from './workspace-for.ts';

/** The commit the run began on, which only a worker knows. */
export const BASE = 'base';

/** Notes where the files stand when a node starts that no worker executes. */
export function noteHead(draft: Draft, place: Place): void {
  if (draft.node(place).snapshot !== null) return;
  if (useOf(draft, place.frame, place.node).tree !== '') return;
  draft.updateNode(place, { snapshot: draft.run.headSha ?? BASE });
}

/** The files are as they were: now the node's own turn has come. */
export function rewound(
  draft: Draft,
  place: Place,
  { headSha }: Extract<AttemptResult, { status: 'completed' }>,
): void {
  const { attempt, loopContext, snapshot } = draft.node(place);
  draft.updateNode(place, {
    status: 'ready',
    attempt: attempt + 1,
    execution: null,
    snapshot: headSha ?? snapshot,
    loopContext: loopContext === null ? null : { ...loopContext, workspace: 'keep' },
  });
  draft.record('rewound', { place, detail: snapshot });
  draft.touch(place.frame);
}
