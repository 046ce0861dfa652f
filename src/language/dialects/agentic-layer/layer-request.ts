import type { Layer } from './layer/layer.ts';
import type { LayerContext } from './layer/layer-context.ts';
import type { LayerFile } from './layer/layer-schema.ts';
import type { permissionsOf } from './permissions.ts';
import type { Skill } from './skills.ts';

export interface LayerRequest {
  readonly file: Partial<LayerFile>;
  readonly layer: Layer;
  readonly name: string;
  readonly types: readonly string[];
  readonly context: LayerContext;
  readonly permissions: ReturnType<typeof permissionsOf>;
  readonly skills: readonly Skill[];
}
