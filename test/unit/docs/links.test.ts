import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, ROOT, readText, withoutBlocks } from './read-pages.ts';

/** Addresses inside the repository that a page links to or shows as an image. */
function localLinks(text: string): string[] {
  const marked = [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)];
  const tagged = [...text.matchAll(/(?:src|srcset)="([^"]+)"/g)];
  return [...marked, ...tagged]
    .map(([, address = '']) => address)
    .filter((address) => !/^[a-z]+:/.test(address));
}

/** As GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('$path', ({ path, text }) => {
  it('links only to what is there', () => {
    const broken = localLinks(text).filter((address) => {
      const [file = '', anchor] = address.split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(readText(target)).includes(anchor);
    });

    expect(broken).toEqual([]);
  });
});
