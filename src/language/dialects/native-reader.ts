import { parseNative } from '../native/parse/parse.ts';
import type { DialectReader, Reading, Source } from './dialect.ts';

/** The native language: whatever no other dialect claims. */
export const NATIVE: DialectReader = {
  dialect: 'native',
  recognises: () => true,
  read: ({ path, data, positions, folder }: Source): Reading => {
    const { files, personas } = folder;
    const parsed = parseNative(
      { data, positions },
      {
        path,
        ...(personas === undefined ? {} : { personas }),
        readFile: (name) => (Object.hasOwn(files, name) ? files[name] : undefined),
      },
    );
    return parsed.ok
      ? { definitions: [parsed.definition], problems: [] }
      : { definitions: [], problems: parsed.problems };
  },
};
