/** Past tense of a verdict, as used after what was decided. */
export const DECIDED = {
  approve: 'approved',
  deny: 'denied',
  revise: 'sent back',
  edit: 'edited',
  retry: 'tried again',
  guide: 'guided',
  override: 'overridden',
  answer: 'answered',
} as const;
