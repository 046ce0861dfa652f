import type { Draft } from './draft.ts';
import type { Refusal, RunEvent } from './event.ts';

/**
 * `noted`: remembered, and nothing follows from it. `ignored`: the event is late or says nothing
 * new. A refusal tells whoever asked for it.
 */
export type Handling = 'applied' | 'noted' | 'ignored' | Refusal;

export type Handler<Type extends RunEvent['type']> = (
  draft: Draft,
  event: Extract<RunEvent, { readonly type: Type }>,
) => Handling;

export function refuse(code: string, message: string): Refusal {
  return { code, message };
}
