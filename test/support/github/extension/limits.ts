// GitHub's documented limits, as far as an app can run into them.

export const TOKEN_LIFETIME_MS = 60 * 60 * 1000;
export const MAX_BODY_CHARACTERS = 65_536;
export const MAX_ANNOTATIONS = 50;
export const MAX_ACTIONS = 3;
export const MAX_ACTION_LABEL = 20;
export const MAX_ACTION_DESCRIPTION = 40;
export const MAX_ACTION_IDENTIFIER = 20;
export const MAX_CHECK_TITLE = 255;
export const MAX_CHECK_TEXT = 65_535;
export const DELIVERY_TIMEOUT_MS = 10_000;
export const DELIVERY_RETENTION_MS = 3 * 24 * 60 * 60 * 1000;
