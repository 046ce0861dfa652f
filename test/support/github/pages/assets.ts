import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ApiResponse } from '../extension/http.ts';

const OWN = new URL('assets/', import.meta.url);
const MERMAID = new URL('./', import.meta.resolve('mermaid'));
const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Our own assets and, under `mermaid/`, those of the installed package. Null for anything else. */
export async function asset(path: string): Promise<ApiResponse | null> {
  const safe = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.(css|js|mjs|svg)$/.exec(path);
  if (safe === null || path.includes('..')) return null;
  const url = path.startsWith('mermaid/')
    ? new URL(path.slice('mermaid/'.length), MERMAID)
    : new URL(path, OWN);
  try {
    const body = await readFile(fileURLToPath(url));
    const type = TYPES[safe[1] ?? ''] ?? 'text/plain';
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'max-age=60' }, body };
  } catch {
    return null; // not one of ours
  }
}

const GOLDEN_ANGLE = 137;

/** A disc with the first letter of a name, in a colour of its own. */
export function avatarImage(login: string): ApiResponse {
  const sum = Array.from(login).reduce((all, letter) => all * 7 + letter.charCodeAt(0), 0);
  const hue = (sum * GOLDEN_ANGLE) % 360;
  const letter = (/[a-z0-9]/i.exec(login)?.[0] ?? '?').toUpperCase();
  const bot = login.endsWith('[bot]');
  const radius = bot ? 8 : 20;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="${radius}" fill="hsl(${hue} 45% 45%)"/><text x="20" y="27" font-family="sans-serif" font-size="19" font-weight="600" fill="#fff" text-anchor="middle">${letter}</text></svg>`;
  return { status: 200, headers: { 'content-type': 'image/svg+xml' }, body: Buffer.from(svg) };
}
