import { nearest } from '../language/problems/nearest.ts';
import { cleanComment, type SpokenLine } from './clean-comment.ts';
import type { Command } from './command.ts';
import type { Mistake, VerbArguments } from './grammar.ts';
import { findWorkflowName, type ThreadNames } from './targets.ts';
import { findVerb, VERB_NAMES, VERBS, type VerbName } from './verbs.ts';

/** What is known about the thread a comment was written on. */
export interface Thread extends ThreadNames {
  /** The word after the slash: `sluice`. */
  readonly prefix: string;
  /** The app's name on GitHub, for `@app run …`. */
  readonly appSlug: string;
  /** A run or a gate of ours is open here. */
  readonly open: boolean;
  /** Workflows whose name alone is a command; absent for all. */
  readonly launchers?: readonly string[];
  /** Bare verbs and launchers (`/approve`, `/tdd …`) are enabled. */
  readonly bare: boolean;
}

export type ParsedComment =
  | { readonly type: 'commands'; readonly commands: readonly Command[] }
  | CommentAnswer
  | { readonly type: 'ignore' };

/** Meant for us, but nothing runs: its author is told why, once. */
export interface CommentAnswer {
  readonly type: 'answer';
  readonly reason:
    | Mistake['reason']
    | 'unknown-verb'
    | 'too-many'
    | 'contradiction'
    | 'under-quote'
    | 'prose';
  readonly verb: VerbName | null;
  readonly word: string | null;
  /** A known word that may have been meant instead. */
  readonly suggestion: string | null;
}

/** Reads all commands of a comment before carrying any out; a single mistake stops them all. */
export function parseComment(body: string, thread: Thread): ParsedComment {
  const lines = cleanComment(body)
    .map((line) => ({ line, parsed: parseLine(line, thread) }))
    .filter(({ parsed }) => parsed.type !== 'ignore');
  const answers = lines.map(({ parsed }) => parsed).filter((parsed) => parsed.type === 'answer');
  const commands = distinct(
    lines.flatMap(({ parsed }) => ('command' in parsed ? parsed.command : [])),
  );

  const mistake = answers.find(({ reason }) => reason !== 'prose');
  if (mistake !== undefined) return mistake;
  const isQuoted = lines.some(({ line, parsed }) => line.underQuote && parsed.type === 'command');
  if (isQuoted) return answer('under-quote');
  if (commands.length > MAX_COMMANDS) return answer('too-many', { word: String(commands.length) });
  if (contradict(commands)) return answer('contradiction');
  if (commands.length > 0) return { type: 'commands', commands };
  return answers[0] ?? { type: 'ignore' };
}

const MAX_COMMANDS = 5;

type ParsedLine = { type: 'command'; command: Command } | CommentAnswer | { type: 'ignore' };

function parseLine(line: SpokenLine, thread: Thread): ParsedLine {
  const text = line.text.trim();
  const slash = /^\/([a-z][\w-]*)(?:\s+(.*))?$/is.exec(text);
  if (slash !== null) {
    const [, word = '', rest = ''] = slash;
    const given = { text: rest, block: line.block };
    return isOurs(word, thread) ? parseAddressed(given, thread) : parseBare(word, given, thread);
  }
  const mention = /^@([\w-]+)(?:\[bot\])?[:,]?(?:\s+(.*))?$/is.exec(text);
  if (mention === null || !isOurs(mention[1] ?? '', thread)) return { type: 'ignore' };
  const parsed = parseAddressed({ text: mention[2] ?? '', block: line.block }, thread);
  // People also talk to the app in prose; only a near miss of a single word was meant as a command.
  const isProse =
    parsed.type === 'answer' &&
    parsed.reason === 'unknown-verb' &&
    (parsed.suggestion === null || /\s/.test((mention[2] ?? '').trim()));
  return isProse ? answer('prose') : parsed;
}

function isOurs(word: string, thread: Thread): boolean {
  const said = word.toLowerCase();
  return said === thread.prefix.toLowerCase() || said === thread.appSlug.toLowerCase();
}

function parseAddressed(given: VerbArguments, thread: Thread): ParsedLine {
  const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(given.text) ?? [];
  if (word === '') return { type: 'command', command: { type: 'help', topic: null } };
  const verb = findVerb(word);
  if (verb !== null) return parseVerb(verb, { ...given, text: rest }, thread);
  if (findWorkflowName(word, thread) !== null) return parseVerb('workflow', given, thread);
  const known = [...VERB_NAMES, ...thread.workflows];
  const suggestion = nearest(word, known);
  return answer('unknown-verb', { word, suggestion });
}

function parseBare(word: string, given: VerbArguments, thread: Thread): ParsedLine {
  if (!thread.bare) return { type: 'ignore' };
  const verb = findVerb(word);
  if (verb !== null && VERBS[verb].bare) {
    return thread.open ? parseVerb(verb, given, thread) : { type: 'ignore' };
  }
  if (
    findWorkflowName(word, { ...thread, workflows: thread.launchers ?? thread.workflows }) === null
  )
    return { type: 'ignore' };
  return parseVerb('workflow', { ...given, text: `${word} ${given.text}` }, thread);
}

function parseVerb(verb: VerbName, given: VerbArguments, thread: Thread): ParsedLine {
  const parsed = VERBS[verb].parse(given, thread);
  if (parsed.type !== 'mistake') return { type: 'command', command: parsed };
  const { reason, word } = parsed;
  const suggestion =
    reason === 'unknown-workflow' && word !== null ? nearest(word, thread.workflows) : null;
  return answer(reason, { verb, word, suggestion });
}

function answer(
  reason: CommentAnswer['reason'],
  facts: Partial<CommentAnswer> = {},
): CommentAnswer {
  return { verb: null, word: null, suggestion: null, ...facts, type: 'answer', reason };
}

function distinct(commands: readonly Command[]): readonly Command[] {
  const seen = new Set<string>();
  return commands.filter((command) => {
    const key = JSON.stringify(command);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Two different decisions on one gate: which of them was meant is not ours to guess. */
function contradict(commands: readonly Command[]): boolean {
  const targets = commands
    .filter((command) => command.type === 'decide')
    .map(({ target }) => JSON.stringify(target));
  return new Set(targets).size < targets.length;
}
