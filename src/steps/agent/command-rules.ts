import { isObject, type Json } from '../../plan/json.ts';
import type { AgentNode } from '../../plan/plan.ts';
import { patternFits } from '../auto/command-pattern.ts';
import { KEYWORDS, tokensOf } from '../auto/shell-tokens.ts';

export interface CommandRules {
  /** Empty allows everything. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

const MAX_LINE = 8_000;
/** These start no program and do not affect how a later command in the line runs. */
const HARMLESS: ReadonlySet<string> = new Set('cd echo test [ true false : pwd'.split(' '));
/** Where a line can hide commands from a reader. */
const HIDING = /\$[({']|`|[<>]\(|<<|(?:^|\s)#/;

/** Judges the commands an agent asks to run by its step's lists; null if it has none. */
export function commandJudge({ meta }: AgentNode): ((line: string) => boolean) | null {
  const permissions = meta['permissions'];
  const commands = isObject(permissions) ? permissions['commands'] : undefined;
  if (!isObject(commands)) return null;
  const rules = { allow: patterns(commands['allow']), deny: patterns(commands['deny']) };
  return rules.allow.length + rules.deny.length === 0 ? null : (line) => mayRun(line, rules);
}

/** Denied beats allowed, and a line that cannot be fully read is not allowed. */
export function mayRun(line: string, { allow, deny }: CommandRules): boolean {
  if (line.length > MAX_LINE || deny.some((pattern) => isDenied(line, pattern))) return false;
  if (allow.length === 0) return true;
  if (HIDING.test(line)) return false;
  return commandsIn(line).every((command) => isAllowed(command, allow));
}

/** A denied command may follow another, as in `env` or `sh -c "…"`, and may be given by its path. */
function isDenied(line: string, pattern: string): boolean {
  const words = tokensOf(line).flatMap((token) => (token.type === 'word' ? split(token.text) : []));
  const wanted = split(pattern).join(' ');
  const text = words.join(' ');
  let at = 0;
  for (const word of words) {
    const name = at + word.lastIndexOf('/') + 1;
    if (patternFits(wanted, text.slice(at)) || patternFits(wanted, text.slice(name))) return true;
    at += word.length + 1;
  }
  return false;
}

function split(text: string): string[] {
  return text.split(/[\s;|&()'"`$]+/).filter((word) => word !== '');
}

type ReadCommand = readonly { readonly text: string; readonly isPlain: boolean }[];

function commandsIn(line: string): ReadCommand[] {
  const commands: ReadCommand[number][][] = [[]];
  for (const token of tokensOf(line)) {
    const current = commands.at(-1);
    if (token.type === 'separator') commands.push([]);
    else if (current?.length !== 0 || !KEYWORDS.has(token.text)) current?.push(token);
  }
  return commands.filter((command) => command.length > 0);
}

function isAllowed([program, ...rest]: ReadCommand, allow: readonly string[]): boolean {
  // Only the shell knows what a variable or a wildcard stands for.
  if (program?.isPlain !== true) return false;
  if (HARMLESS.has(program.text)) return true;
  const text = [program, ...rest].map((word) => word.text).join(' ');
  return allow.some((pattern) => patternFits(pattern.trim().replaceAll(/\s+/g, ' '), text));
}

function patterns(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
