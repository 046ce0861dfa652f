import type { Layer, LayerPhase } from './layer/layer.ts';
import type { LayerContext } from './layer/layer-context.ts';

/** Phases that run side by side; most stages have one. */
export type PhaseStage = readonly LayerPhase[];

/** The phases in the order they run, those of a `parallel` group together. Monitoring is separate. */
export function stagesOf(layer: Layer, context: LayerContext): readonly PhaseStage[] {
  const ordered = layer.phases.filter(({ name }) => name !== 'monitor');
  checkDoubles(ordered, context);
  const stages: LayerPhase[][] = [];
  const done = new Set<string>();
  for (const phase of ordered) {
    if (done.has(phase.name)) continue;
    const stage = [phase, ...companionsOf(phase, layer)];
    for (const { name } of stage) done.add(name);
    stages.push(stage);
  }
  checkGaps(layer, ordered, context);
  return stages;
}

function checkDoubles(phases: readonly LayerPhase[], context: LayerContext): void {
  const seen = new Set<string>();
  for (const { name, at } of phases) {
    if (seen.has(name) && at !== null)
      context.problem(at, 'duplicate', `phase \`${name}\` stands here twice.`);
    seen.add(name);
  }
}

/** What a group runs beside a phase; a name that is not a phase becomes one by being listed. */
function companionsOf(phase: LayerPhase, layer: Layer): readonly LayerPhase[] {
  const group = layer.parallel.find(({ names }) => names.includes(phase.name));
  if (group === undefined) return [];
  return group.names
    .filter((name) => name !== phase.name && name !== 'monitor')
    .filter((name) => !isDropped(name, layer))
    .map(
      (name, index) =>
        layer.phases.find((candidate) => candidate.name === name) ?? {
          name,
          at: group.at === null ? null : [...group.at, index],
          tools: null,
          persona: null,
          isRequired: null,
        },
    );
}

/** A phase of other types of issue that this type does without. */
function isDropped(name: string, layer: Layer): boolean {
  const named = layer.phases.some((phase) => phase.name === name);
  return !named && layer.type !== null && layer.plainPhases.has(name);
}

/** Phases between those of a group need one of them and are needed by the other. */
function checkGaps(layer: Layer, ordered: readonly LayerPhase[], context: LayerContext): void {
  const names = ordered.map(({ name }) => name);
  for (const { names: group, at } of layer.parallel) {
    if (at === null || layer.type !== null) continue;
    const places = group.map((name) => names.indexOf(name)).filter((index) => index >= 0);
    const [first, last] = [Math.min(...places), Math.max(...places)];
    if (places.length === 0) {
      const message = `none of ${group.map((name) => `\`${name}\``).join(', ')} is among the phases.`;
      context.problem(at, 'unknown-step', message);
      continue;
    }
    const between = names.slice(first, last + 1).filter((name) => !group.includes(name));
    if (between.length === 0) continue;
    const message = `\`${names[first]}\` and \`${names[last]}\` cannot run side by side: ${between
      .map((name) => `\`${name}\``)
      .join(', ')} stands between them.`;
    context.problem(at, 'conflict', message);
  }
}
