import type { DataPath } from '../../problems/positions.ts';
import type { LayerContext } from './layer/layer-context.ts';
import type { LayerFile } from './layer/layer-schema.ts';

export type Autonomy = 'assisted' | 'supervised' | 'autonomous' | 'ase';
export type Disposition = 'required' | 'optional' | 'checkpoint';

const LEVELS = {
  L1: 'assisted',
  L2: 'supervised',
  L3: 'autonomous',
  L4: 'ase',
  assisted: 'assisted',
  supervised: 'supervised',
  autonomous: 'autonomous',
  ase: 'ase',
} as const;

/** Phases people review, and phases whose failure does not stop the run, at each level. */
const PROFILES: Readonly<
  Record<
    Autonomy,
    { readonly checked: readonly string[] | 'all'; readonly optional: readonly string[] }
  >
> = {
  assisted: { checked: 'all', optional: [] },
  supervised: { checked: ['plan', 'test', 'review'], optional: [] },
  autonomous: { checked: [], optional: ['test'] },
  ase: { checked: [], optional: ['document'] },
};

const DAY = '24h';

/** The level a layer asks for; null if it says nothing: every phase is required, nobody is asked. */
export function autonomyOf(
  { autonomy }: Partial<LayerFile>,
  context: LayerContext,
): Autonomy | null {
  if (autonomy === undefined) return null;
  const level = LEVELS[autonomy];
  if (level !== autonomy) {
    context.warn(['autonomy'], `\`${autonomy}\` is understood as \`${level}\`; write that.`);
  }
  return level;
}

export function dispositionOf(
  phase: { readonly name: string; readonly isRequired: boolean | null },
  level: Autonomy | null,
): Disposition {
  if (phase.isRequired !== null) return phase.isRequired ? 'required' : 'optional';
  if (level === null) return 'required';
  const { checked, optional } = PROFILES[level];
  if (optional.includes(phase.name)) return 'optional';
  return level === 'supervised' && checked.includes(phase.name) ? 'checkpoint' : 'required';
}

export interface Checkpoint {
  readonly expire: string;
  readonly at: DataPath | null;
}

/** Whether people review what the phase made before the next one starts. */
export function checkpointAfter(
  phase: string,
  level: Autonomy | null,
  { checkpoints = {} }: Partial<LayerFile>,
): Checkpoint | null {
  const key = [`after_${phase}`, phase].find((name) => Object.hasOwn(checkpoints, name));
  if (key !== undefined) {
    return { expire: checkpoints[key]?.timeout ?? DAY, at: ['checkpoints', key] };
  }
  if (level === null) return null;
  const { checked } = PROFILES[level];
  return checked === 'all' || checked.includes(phase) ? { expire: DAY, at: null } : null;
}
