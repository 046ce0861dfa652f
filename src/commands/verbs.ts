import type { Command } from './command.ts';
import {
  type Mistake,
  parseAnswer,
  parseApprove,
  parseCancel,
  parseDeny,
  parseEdit,
  parseGuide,
  parseOverride,
  parsePlan,
  parseRedesign,
  parseResume,
  parseRetry,
  parseRevise,
  parseRun,
  parseSkip,
  parseWorkflow,
  type VerbArguments,
} from './grammar.ts';
import { parseCreate } from './parse-create.ts';
import { parseDoctor } from './parse-doctor.ts';
import { parseOutput } from './parse-output.ts';
import type { Role } from './role.ts';
import type { ThreadNames } from './targets.ts';

/** Who may use a verb before anything is known about its gate or run. */
export type Who =
  | { readonly type: 'anyone' }
  | { readonly type: 'role'; readonly minimum: Role }
  /** The person who started the run, or anyone with the role. */
  | { readonly type: 'starter-or'; readonly minimum: Role }
  /** The gate's own rule. */
  | { readonly type: 'approver' }
  /** Whoever the gate's questions are for. */
  | { readonly type: 'answerer' };

export interface Verb {
  /** Other spellings; like the name itself, they only count after the slash. */
  readonly aliases: readonly string[];
  /** Understood without the prefix if a run of ours is open. */
  readonly bare: boolean;
  readonly usage: string;
  readonly help: string;
  readonly who: Who;
  readonly parse: (given: VerbArguments, known: ThreadNames) => Command | Mistake;
}

export const VERB_NAMES = [
  'run',
  'workflow',
  'plan',
  'doctor',
  'create',
  'list',
  'status',
  'output',
  'help',
  'approve',
  'revise',
  'deny',
  'edit',
  'answer',
  'guide',
  'override',
  'skip',
  'redesign',
  'cancel',
  'retry',
  'resume',
] as const;
export type VerbName = (typeof VERB_NAMES)[number];

/** Everything there is to say about a verb, in one row: adding a command means adding a row. */
export const VERBS: Readonly<Record<VerbName, Verb>> = {
  run: {
    aliases: ['start'],
    bare: false,
    usage: 'run <workflow> [key=value …] [task]',
    help: 'start a workflow; without a task it works on this issue or pull request as it is written',
    who: { type: 'role', minimum: 'write' },
    parse: parseRun,
  },
  workflow: {
    aliases: ['workflows', 'wf'],
    bare: false,
    usage: 'workflow <workflow> <task>',
    help: 'start a workflow with a task of its own; `<workflow> <task>` alone does the same',
    who: { type: 'role', minimum: 'write' },
    parse: parseWorkflow,
  },
  plan: {
    aliases: ['dry-run'],
    bare: false,
    usage: 'plan <workflow> [key=value …] [task]',
    help: 'show steps, gates, rights, prompts and cost of a start, without starting anything',
    who: { type: 'role', minimum: 'triage' },
    parse: parsePlan,
  },
  doctor: {
    aliases: [],
    bare: false,
    usage: 'doctor [workflow]',
    help: 'look for everything that is wrong with the workflows of this repository, or likely to be',
    who: { type: 'role', minimum: 'triage' },
    parse: parseDoctor,
  },
  create: {
    aliases: [],
    bare: false,
    usage: 'create <name> [what it is for]',
    help: 'propose a new workflow in a pull request; a fenced block below the line is its file, else it gets one to start from',
    who: { type: 'role', minimum: 'write' },
    parse: parseCreate,
  },
  list: {
    aliases: ['ls'],
    bare: false,
    usage: 'list',
    help: 'show the workflows of this repository',
    who: { type: 'role', minimum: 'read' },
    parse: () => ({ type: 'list' }),
  },
  status: {
    aliases: [],
    bare: false,
    usage: 'status',
    help: 'show what runs here and what it waits for',
    who: { type: 'role', minimum: 'read' },
    parse: () => ({ type: 'status' }),
  },
  output: {
    aliases: [],
    bare: false,
    usage: 'output [run] <step> [from <character>]',
    help: 'show the whole result of a step',
    who: { type: 'role', minimum: 'triage' },
    parse: parseOutput,
  },
  help: {
    aliases: ['?', '-h', '--help'],
    bare: false,
    usage: 'help [topic]',
    help: 'show this help; topics are `workflows`, `gate` and the commands',
    who: { type: 'anyone' },
    parse: ({ text }) => ({ type: 'help', topic: text.split(/\s+/)[0]?.toLowerCase() || null }),
  },
  approve: {
    aliases: ['approved', 'yes', 'y'],
    bare: true,
    usage: 'approve [gate] [sha] [--note remark]',
    help: 'go on with exactly what the gate shows',
    who: { type: 'approver' },
    parse: parseApprove,
  },
  revise: {
    aliases: [],
    bare: true,
    usage: 'revise [gate] <what to change>',
    help: 'send it back with your words; a fenced block below the line works too',
    who: { type: 'approver' },
    parse: parseRevise,
  },
  deny: {
    aliases: ['denied', 'no', 'n'],
    bare: true,
    usage: 'deny [gate] [reason]',
    help: 'end the run',
    who: { type: 'approver' },
    parse: parseDeny,
  },
  edit: {
    aliases: ['edited'],
    bare: true,
    usage: 'edit [gate]',
    help: 'replace the result with the fenced block below the line, and go on with that',
    who: { type: 'approver' },
    parse: parseEdit,
  },
  answer: {
    aliases: ['answers'],
    bare: true,
    usage: 'answer [gate] <answers>',
    help: 'answer the questions of a step; it starts again with your answers',
    who: { type: 'answerer' },
    parse: parseAnswer,
  },
  guide: {
    aliases: [],
    bare: true,
    usage: 'guide [gate] <advice>',
    help: 'try again what did not work, with your advice',
    who: { type: 'approver' },
    parse: parseGuide,
  },
  override: {
    aliases: [],
    bare: true,
    usage: 'override [gate] <reason>',
    help: 'let a failed step or check count as passed; the reason is kept, ten characters at least',
    who: { type: 'role', minimum: 'maintain' },
    parse: parseOverride,
  },
  skip: {
    aliases: [],
    bare: true,
    usage: 'skip <step>',
    help: 'leave an optional step out',
    who: { type: 'role', minimum: 'write' },
    parse: parseSkip,
  },
  redesign: {
    aliases: [],
    bare: true,
    usage: 'redesign [run] <what is wanted now>',
    help: 'stop what runs because the requirements have changed, and begin again with your words',
    who: { type: 'starter-or', minimum: 'write' },
    parse: parseRedesign,
  },
  cancel: {
    aliases: [],
    bare: true,
    usage: 'cancel [run] [reason]',
    help: 'stop the run now',
    who: { type: 'starter-or', minimum: 'write' },
    parse: parseCancel,
  },
  retry: {
    aliases: [],
    bare: true,
    usage: 'retry [step]',
    help: 'try a failed step again',
    who: { type: 'starter-or', minimum: 'write' },
    parse: parseRetry,
  },
  resume: {
    aliases: [],
    bare: true,
    usage: 'resume [run] [advice]',
    help: 'go on from where the run stopped; finished steps keep their results',
    who: { type: 'starter-or', minimum: 'write' },
    parse: parseResume,
  },
};

/** A decision is governed by its verdict, every other command by one row. */
const RULED_BY: Readonly<Record<Exclude<Command['type'], 'decide'>, VerbName>> = {
  start: 'run',
  plan: 'plan',
  doctor: 'doctor',
  create: 'create',
  list: 'list',
  help: 'help',
  status: 'status',
  output: 'output',
  redesign: 'redesign',
  cancel: 'cancel',
  retry: 'retry',
  resume: 'resume',
  skip: 'skip',
};

/** The row that governs a command. */
export function verbFor(command: Command): VerbName {
  return command.type === 'decide' ? command.verdict : RULED_BY[command.type];
}

/** The verb a word means, if any. */
export function findVerb(word: string): VerbName | null {
  const wanted = word.toLowerCase();
  return VERB_NAMES.find((name) => name === wanted || VERBS[name].aliases.includes(wanted)) ?? null;
}
