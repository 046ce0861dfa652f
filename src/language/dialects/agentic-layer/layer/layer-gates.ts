import type { LayerContext } from './layer-context.ts';
import type { Origin, Part } from './layer-part.ts';
import type { GateEntry, LayerFile } from './layer-schema.ts';

export interface LayerGate {
  readonly key: string;
  readonly at: Origin;
  readonly phase: string;
  readonly when: 'after' | 'before';
  readonly entry: GateEntry | string;
}

/** The gates of a layer, by what they come after or before. */
export function gatesOf(
  { value, at }: Part<LayerFile['gates']>,
  context: LayerContext,
): readonly LayerGate[] {
  return Object.entries(value ?? {}).map(([key, entry]) => {
    const place = at === null ? null : [...at, key];
    const [, when = '', phase = ''] = /^(after|before)[_-](.+)$/.exec(key) ?? [];
    if (when === '' && place !== null) {
      context.warn(place, `\`${key}\` is understood as \`after_${key}\`; write that.`);
    }
    return {
      key: when === '' ? `after_${key}` : `${when}_${phase}`,
      at: place,
      phase: when === '' ? key : phase,
      when: when === 'before' ? 'before' : 'after',
      entry,
    };
  });
}

/** A phase that names gates itself does without the default one. */
export function mergedGates(
  gates: readonly LayerGate[],
  named: readonly LayerGate[],
): readonly LayerGate[] {
  const own = new Set(named.map(({ phase }) => phase));
  return [...gates.filter(({ phase, at }) => at !== null || !own.has(phase)), ...named];
}

/** Gates that a phase of the map form names itself. */
export function phaseGates(phases: LayerFile['phases']): readonly LayerGate[] {
  if (phases === undefined || Array.isArray(phases)) return [];
  return Object.entries(phases).flatMap(([phase, { gates }]) =>
    [gates ?? []].flat().map((entry) => ({
      key: `after_${phase}`,
      at: ['phases', phase, 'gates'],
      phase,
      when: 'after' as const,
      entry,
    })),
  );
}
