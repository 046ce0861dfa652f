import { type LoopTrigger, readTrigger, usualTrigger } from '../actions.ts';
import type { LayerContext } from './layer-context.ts';
import type { Origin, Part } from './layer-part.ts';
import type { LayerFile, LayerLoopSpec } from './layer-schema.ts';

export interface LayerLoop {
  readonly name: string;
  readonly at: Origin;
  readonly spec: LayerLoopSpec;
  readonly trigger: LoopTrigger;
}

/** The loops of a layer, each with what it waits for. */
export function layerLoops(
  { value, at }: Part<LayerFile['loops']>,
  context: LayerContext,
): readonly LayerLoop[] {
  return Object.entries(value ?? {}).flatMap(([name, spec]) => {
    const place = at === null ? null : [...at, name];
    const text = spec.trigger ?? usualTrigger(name);
    if (text === null) {
      const message = `loop \`${name}\` needs a \`trigger\`, such as test.fail or review.blockers.`;
      if (place !== null) context.keyProblem(place, 'missing-key', message);
      return [];
    }
    const read = readTrigger(text);
    if (read.type === 'unknown') {
      const message = `\`${text}\` is no trigger; there are test.fail, review.blockers, review.architectural and <phase>.fail.`;
      if (place !== null)
        context.problem([...place, 'trigger'], 'bad-value', message, read.suggestion);
      return [];
    }
    if (read.spelling !== null && place !== null) {
      context.warn(
        [...place, 'trigger'],
        `\`${text}\` is understood as \`${read.spelling}\`; write that.`,
      );
    }
    return [{ name, at: place, spec, trigger: read.trigger }];
  });
}
