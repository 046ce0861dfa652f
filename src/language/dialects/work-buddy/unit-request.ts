import type { Source } from '../dialect.ts';
import type { Places } from '../places.ts';
import type { FoundUnit } from './find-units.ts';
import type { Unit } from './unit-schema.ts';

export interface UnitRequest {
  readonly unit: Unit;
  readonly found: FoundUnit;
  readonly source: Source;
  readonly places: Places;
}
