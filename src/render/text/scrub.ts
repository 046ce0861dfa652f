/**
 * Removes secrets from a text before anybody sees it. Formats are recognised by their beginning,
 * not their length: GitHub alone changed the length of its tokens three times.
 */
export function scrubSecrets(text: string): string {
  return SHAPES.reduce(
    (scrubbed, [shape, replacement]) => scrubbed.replace(shape, replacement),
    text,
  );
}

const REMOVED = '[secret removed]';

const SHAPES: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    REMOVED,
  ],
  // Since 2026, installation tokens are `ghs_` and a JSON web token, with dots and dashes.
  [/\bgh[pousr]_(?=[a-z_.-]*[A-Z0-9])[A-Za-z0-9_.-]{8,}/g, REMOVED],
  [/\bgithub_pat_\w{8,}/g, REMOVED],
  [/\bv1\.[0-9a-f]{40}\b/g, REMOVED],
  [/\bsk-[A-Za-z0-9_-]{12,}/g, REMOVED],
  [/\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}/g, REMOVED],
  [/\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{12,}\b/g, REMOVED],
  [/\bAIza[\w-]{20,}/g, REMOVED],
  [/\bya29\.[\w.-]{10,}/g, REMOVED],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{8,}/g, REMOVED],
  [/\bnpm_[A-Za-z0-9]{20,}/g, REMOVED],
  [/\bglpat-[\w-]{10,}/g, REMOVED],
  [/\bhf_[A-Za-z0-9]{20,}/g, REMOVED],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, REMOVED],
  [
    /(\b(?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:bearer|basic|token|digest|apikey)\s{1,4})?)(?!\[secret)[^\s"',;]{4,}/gi,
    `$1${REMOVED}`,
  ],
  [/(\bbearer\s{1,4})(?!\[secret)[\w.~+/=-]{16,}/gi, `$1${REMOVED}`],
  [/(\bx-api-key["']?\s{0,4}[:=]\s{0,4}["']?)(?!\[secret)[^\s"',;]{4,}/gi, `$1${REMOVED}`],
  // `https://user:password@host`: the host may stay.
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}(?=@)/gi, `$1${REMOVED}`],
  // Environment and shell assignments: `AWS_SECRET_ACCESS_KEY=…`, `export DB_PASSWORD="…"`.
  [
    /(\b[A-Z0-9_]{0,60}(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY)[A-Z0-9_]{0,60}\s{0,2}[=:]\s{0,2}["']?)(?!\[secret)[^\s"',;$<{([]{8,}/g,
    `$1${REMOVED}`,
  ],
];
