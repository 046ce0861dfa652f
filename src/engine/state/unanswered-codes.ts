/** Codes of runs that ended because nobody answered their call for help. */
export const AUTO_CLOSED = 'auto-closed';
export const HANDED_OVER = 'handed-over';
