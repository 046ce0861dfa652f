import type { LayerContext } from './layer/layer-context.ts';
import type { PhaseStage } from './stages.ts';
import { artefactsIn } from './variables.ts';

/** Phases side by side cannot use each other's results. */
export function checkParallelNeeds(
  stages: readonly PhaseStage[],
  phases: ReadonlySet<string>,
  files: ReadonlyMap<string, readonly string[]>,
  context: LayerContext,
): void {
  for (const stage of stages.filter(({ length }) => length > 1)) {
    const names = stage.map(({ name }) => name);
    for (const { name, at } of stage) {
      const wanted = (files.get(name) ?? []).flatMap((key) =>
        artefactsIn(textOf(key, context), phases),
      );
      const needed = wanted.find((other) => other !== name && names.includes(other));
      if (needed === undefined) continue;
      const message = `\`${name}\` uses what \`${needed}\` makes, so they cannot run side by side.`;
      context.problem(at ?? ['parallel'], 'conflict', message);
    }
  }
}

function textOf(key: string, { source }: LayerContext): string {
  const { files, defaults } = source.folder;
  return (Object.hasOwn(files, key) ? files[key] : defaults[key]) ?? '';
}
