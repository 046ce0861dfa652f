import { join } from 'node:path';
import { diagnoseFolder } from '../doctor/diagnose-folder.ts';
import type { Diagnosis } from '../language/problems/diagnosis.ts';
import { compileIn, type Library } from './library.ts';
import { kindOfPath } from './read-files.ts';

/** Everything there is to say about the workflows of a repository on this disk. */
export function diagnoseLibrary(
  library: Library,
  teams: readonly string[] | null,
): readonly Diagnosis[] {
  return diagnoseFolder({
    own: library.own,
    files: library.files,
    prefix: library.prefix,
    compile: (definition) => compileIn(library, definition),
    around: {
      teams,
      hasFile: (path) => kindOfPath(join(library.repository, path)) === 'file',
    },
  });
}
