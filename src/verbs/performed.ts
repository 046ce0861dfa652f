import type { Moment } from '../render/answer/reactions.ts';

/** What a person sees of how their command went. */
export interface Performed {
  /** Null: nothing at all, as for a bot. */
  readonly moment: Moment | null;
  /** Several: one comment after the other. */
  readonly answer?: string | readonly string[];
  /** The answer explains a refusal, or is for somebody without a part here: said once per person, thread and day. */
  readonly isRefusal?: boolean;
  /** Nothing was started yet: it is asked for again later. */
  readonly waits?: boolean;
}
