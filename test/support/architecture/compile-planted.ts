import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** As the house is compiled; what is planted may be left unused. */
const CONFIG = {
  extends: join(ROOT, 'tsconfig.json'),
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  include: ['src'],
};

/** What is put into a copy of the sources. */
export interface Planted {
  /** Files that are there, with what to put before a line that occurs in them once. */
  readonly before?: ReadonlyArray<readonly [file: string, line: string, planted: string]>;
  /** Files that are not there. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Where the compiler complains about a copy of `src/` with something planted in it: `file: line of code`. */
export function compilePlanted({ before = [], files = {} }: Planted): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-planted-'));
  try {
    cpSync(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
    for (const [file, line, planted] of before) {
      const parts = readFileSync(join(folder, file), 'utf8').split(`${line}\n`);
      if (parts.length !== 2) throw new Error(`${file} does not hold once: ${line}`);
      writeFileSync(join(folder, file), parts.join(`${planted}\n${line}\n`));
    }
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    return complaints(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function complaints(folder: string): string[] {
  const { stdout } = spawnSync('tsc', ['-p', '.', '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const places = stdout.matchAll(/^(\S+)\((\d+),\d+\): error/gm);
  const lines = [...places].map(([, file = '', line]) => {
    const code = readFileSync(join(folder, file), 'utf8').split('\n')[Number(line) - 1];
    return `${file}: ${code?.trim()}`;
  });
  return [...new Set(lines)].toSorted();
}
