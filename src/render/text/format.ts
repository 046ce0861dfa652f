/** `48s`, `1m 42s`, `2h 5m`, `3d 4h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return '0s';
  const shown = parts.slice(first, first + 2).filter(([amount]) => amount > 0);
  return shown.map(([amount, unit]) => `${amount}${unit}`).join(' ');
}

/** `950`, `18k`, `1.2M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** Cents are enough, except for less than one. */
export function formatUsd(usd: number): string {
  return usd > 0 && usd < 0.01 ? 'under $0.01' : `$${usd.toFixed(2)}`;
}

/** `640 characters`, `12,400 characters`. */
export function formatSize(characters: number): string {
  return `${groupDigits(characters)} character${characters === 1 ? '' : 's'}`;
}

function groupDigits(figure: number): string {
  return String(figure).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `2026-11-21 10:14 UTC`. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `10:14:05`, in UTC. */
export function formatClock(iso: string): string {
  return iso.slice(11, 19);
}

/** Milliseconds between two ISO times; null if one of them is missing. */
export function millisecondsBetween(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

/** Ten characters, filled by tenths. */
export function formatBar(used: number, limit: number): string {
  const filled = limit <= 0 ? 10 : Math.min(10, Math.floor((used / limit) * 10));
  return '▓'.repeat(filled) + '░'.repeat(10 - filled);
}

export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

/** `sha256:4be17a02…9c02` of `sha256:<64 hex>`. */
export function shortDigest(digest: string): string {
  const [, kind = '', hex = digest] = /^(\w+):(\w+)$/.exec(digest) ?? [];
  return hex.length <= 14 ? digest : `${kind}:${hex.slice(0, 8)}…${hex.slice(-4)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(count)} ${count === 1 ? one : many}`;
}
