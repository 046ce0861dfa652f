import type { CommandSpec } from '../../plan/plan.ts';
import { KEYWORDS, tokensOf } from './shell-tokens.ts';

type Rules = Pick<CommandSpec, 'allow' | 'deny'>;

/** Why a line may not run, judged before anything starts; null if it may. `deny` beats `allow`. */
export function commandRefusal(line: string, rules: Rules): string | null {
  if (rules.allow.length === 0 && rules.deny.length === 0) return null;
  const { programs, words } = readLine(line, 0);
  const denied = words.find((word) => rules.deny.includes(word));
  if (denied !== undefined) return `\`${denied}\` is on the list of denied programs.`;
  if (rules.allow.length === 0) return null;
  for (const program of programs) {
    if (program === null) return 'it cannot be told beforehand which programs the line calls.';
    if (!rules.allow.includes(program) && !BUILT_INS.has(program)) {
      return `\`${program}\` is not on the list of allowed programs (${rules.allow.join(', ')}).`;
    }
  }
  return null;
}

interface Read {
  /** What is in the place of a program name; null if only the shell will know. */
  readonly programs: readonly (string | null)[];
  /** Program names anywhere in the line: behind `env` or inside `sh -c "…"` they run as well. */
  readonly words: readonly string[];
}

const MAX_DEPTH = 8;
/** Shell built-ins that start nothing. */
const BUILT_INS: ReadonlySet<string> = new Set(
  'cd echo printf test [ true false : set unset export exit return shift wait umask pwd read local'.split(
    ' ',
  ),
);
function readLine(line: string, depth: number): Read {
  const programs: (string | null)[] = [];
  const words: string[] = [];
  let expectsProgram = true;
  for (const token of tokensOf(line)) {
    if (token.type === 'separator') {
      expectsProgram = true;
      continue;
    }
    words.push(...namesIn(token.text));
    for (const inner of depth < MAX_DEPTH ? token.nested : []) {
      const read = readLine(inner, depth + 1);
      programs.push(...read.programs);
      words.push(...read.words);
    }
    if (!expectsProgram || KEYWORDS.has(token.text) || isAssignment(token.text)) continue;
    programs.push(token.isPlain ? baseName(token.text) : null);
    expectsProgram = false;
  }
  return { programs, words };
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*\+?=/.test(word);
}

/** Any word of a quoted script could be one of its programs. */
function namesIn(text: string): string[] {
  return text
    .split(/[\s;|&()'"`$]+/)
    .filter((part) => part !== '')
    .map(baseName);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
