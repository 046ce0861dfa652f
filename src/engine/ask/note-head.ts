import { BASE, treeHead } from '../read/member-trees.ts';
import { treeOf } from '../read/workspace-for.ts';
import type { Draft } from '../state/draft.ts';
import type { AttemptResult } from '../state/event.ts';
import type { Place } from '../state/place.ts';

/** Records where the files stand when a node starts that no worker executes. */
export function noteHead(draft: Draft, place: Place): void {
  if (draft.node(place).snapshot !== null) return;
  const tree = treeOf(draft, place.frame, place.node);
  draft.updateNode(place, { snapshot: treeHead(draft.run, tree) ?? BASE });
}

/** The files are back as they were, so the node can have its turn. */
export function rewound(
  draft: Draft,
  place: Place,
  { commit }: Extract<AttemptResult, { status: 'completed' }>,
): void {
  const { attempt, loopContext, snapshot } = draft.node(place);
  draft.updateNode(place, {
    status: 'ready',
    attempt: attempt + 1,
    execution: null,
    snapshot: commit ?? snapshot,
    loopContext: loopContext === null ? null : { ...loopContext, workspace: 'keep' },
  });
  draft.record('rewound', { place, detail: snapshot });
  draft.touch(place.frame);
}
