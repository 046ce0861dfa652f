import type { Draft } from './draft.ts';
import type { Refusal, RunEvent } from './event.ts';

/**
 * `noted`: remembered, with no consequences. `ignored`: the event is late or says nothing
 * new. A refusal is told to whoever asked for the event.
 */
export type Handling = 'applied' | 'noted' | 'ignored' | Refusal;

export type Handler<Type extends RunEvent['type']> = (
  draft: Draft,
  event: Extract<RunEvent, { readonly type: Type }>,
) => Handling;

export function refuse(code: string, message: string): Refusal {
  return { code, message };
}
