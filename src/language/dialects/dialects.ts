import { AGENT007 } from './agent007/read-agent007.ts';
import { AGENTIC_LAYER } from './agentic-layer/read-layer.ts';
import type { DialectReader } from './dialect.ts';
import { NATIVE } from './native-reader.ts';
import { TAKT } from './takt/read-takt.ts';
import { WORK_BUDDY } from './work-buddy/read-units.ts';

/** Asked in this order; the last one takes what is left. */
const READERS: readonly DialectReader[] = [AGENTIC_LAYER, WORK_BUDDY, TAKT, AGENT007, NATIVE];

/** The language of a file, recognised by its keys. */
export function readerFor(data: unknown): DialectReader {
  return READERS.find(({ recognises }) => recognises(data)) ?? NATIVE;
}
