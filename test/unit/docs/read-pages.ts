import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../../..');

export interface Page {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

const PATTERNS = ['*.md', 'docs/**/*.md', 'test/support/**/*.md', '.github/*.md'];

/** Every page of the repository that is written for people. */
export const PAGES: readonly Page[] = globSync(PATTERNS, { cwd: ROOT })
  .toSorted()
  .map((path) => ({ path, text: readText(path) }));

export function readPage(path: string): Page {
  return { path, text: readText(path) };
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Fenced blocks of a language. */
export function blocksOf({ text }: Page, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...text.matchAll(fence)].map(([, block = '']) => block);
}

/** What stands between single backticks outside of fenced blocks. */
export function codesOf({ text }: Page): string[] {
  return [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

export function withoutBlocks(text: string): string {
  return text.replaceAll(/^ *```.*?^ *```$/gms, '');
}
