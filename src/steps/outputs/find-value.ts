import { lookUpFrom } from '../../engine/read/look-up.ts';
import { splitKey } from '../../engine/state/node-key.ts';
import { viewOf } from '../../engine/state/view.ts';
import type { Json } from '../../plan/json.ts';
import { readPath, splitPath } from '../../plan/read-path.ts';
import type { Attempt } from '../attempt.ts';
import type { StepDeps } from '../step-deps.ts';
import { readVisible, type SeenOutput } from './read-visible.ts';

/** Finds values by dotted paths that begin with the name of an output, a parameter or a foreach item. */
export async function valueFinder(
  deps: StepDeps,
  attempt: Attempt,
): Promise<(path: string) => Json | undefined> {
  const outputs = new Map(
    (await readVisible(deps, attempt)).map((output) => [output.name, output]),
  );
  const { plan, run } = attempt.stored;
  const { frame, id } = splitKey(attempt.node);
  const lookUp = lookUpFrom(viewOf(plan, run), frame, id, false);
  return (path) => {
    const { head, rest } = splitPath(path.replace(/^(?:outputs|params)\./, ''));
    const output = outputs.get(head);
    if (output === undefined) return readPath(lookUp(head), rest);
    return rest === '' ? wholeOf(output) : readPath(output.data, rest);
  };
}

/** The structured result, or the text of a step that has none. */
function wholeOf({ data, text }: SeenOutput): Json {
  return data ?? text;
}
