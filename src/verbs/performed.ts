import type { Moment } from '../render/answer/reactions.ts';

/** What a person sees of how their command went. */
export interface Performed {
  /** Null for nothing at all, as for a bot. */
  readonly moment: Moment | null;
  /** If several: one comment after the other. */
  readonly answer?: string | readonly string[];
  /** The answer explains a refusal, or is for somebody without a role: once per person, thread and day. */
  readonly isRefusal?: boolean;
  /** Nothing was started yet: it is asked for again later. */
  readonly waits?: boolean;
}
