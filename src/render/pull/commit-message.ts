import type { NodeKey } from '../../engine/state/run.ts';
import { plainLine } from '../text/clean-text.ts';
import { shorten } from '../text/cut-text.ts';
import { inertSubject } from '../text/inert.ts';

export interface CommitFacts {
  readonly run: string;
  readonly step: NodeKey;
  readonly visit: number;
  readonly attempt: number;
  /** What the step says it did, in one line. */
  readonly headline: string;
  /** Who started the run. */
  readonly starter: { readonly login: string; readonly id?: number | undefined };
  /** Host of the no-reply addresses: `users.noreply.github.com`. */
  readonly noReplyHost?: string | undefined;
}

/** The parts of a commit message, as `workspace/` assembles them. */
export interface CommitParts {
  readonly subject: string;
  /** What leads back to the run, and what the commit is found by. */
  readonly trailers: Readonly<Record<string, string>>;
  readonly coAuthors: readonly { readonly name: string; readonly email: string }[];
}

/** The message of a step's commit: a conventional subject, and trailers that lead back to the run. */
export function renderCommit(facts: CommitFacts): CommitParts {
  return {
    subject: subjectFor(facts),
    trailers: {
      'Sluice-Run': word(facts.run),
      'Sluice-Step': word(facts.step),
      'Sluice-Visit': String(facts.visit),
      'Sluice-Attempt': String(facts.attempt),
    },
    coAuthors: coAuthors(facts),
  };
}

const MAX_SUBJECT = 72;

function subjectFor({ headline, step }: CommitFacts): string {
  const said = inertSubject(plainLine(headline, 200)).replace(/[.\s]+$/, '');
  const own =
    /^(?:[a-z]{2,10})(?:\([\w./ -]{1,30}\))?!?: \S/.test(said) &&
    TYPES.has(said.split(/[(!:]/, 1)[0] ?? '');
  const text = said === '' ? `result of ${word(step)}` : said;
  return shorten(own ? text : `${typeFor(step)}: ${lowerFirst(text)}`, MAX_SUBJECT);
}

const TYPES: ReadonlySet<string> = new Set(
  'build chore ci docs feat fix perf refactor revert style test'.split(' '),
);

function typeFor(step: NodeKey): string {
  const id = step.slice(step.lastIndexOf('/') + 1).toLowerCase();
  return STEP_TYPES.find(([pattern]) => pattern.test(id))?.[1] ?? 'feat';
}

const STEP_TYPES: readonly (readonly [RegExp, string])[] = [
  [/doc|readme|brief|prd|adr|changelog|spec|plan|index/, 'docs'],
  [/test|^red$|coverage/, 'test'],
  [/refactor|clean|refine/, 'refactor'],
  [/fix|rework|repair|patch/, 'fix'],
  [/perf|optimi[sz]e/, 'perf'],
];

function coAuthors({
  starter,
  noReplyHost = 'users.noreply.github.com',
}: CommitFacts): CommitParts['coAuthors'] {
  if (!/^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}(?:_[a-z\d]{1,20})?$/i.test(starter.login)) return [];
  const account = starter.id === undefined ? starter.login : `${starter.id}+${starter.login}`;
  return [{ name: starter.login, email: `${account}@${noReplyHost}` }];
}

/** A value that cannot end its line or begin another trailer. */
function word(text: string): string {
  return plainLine(text, 200).replace(/[^\w./[\]-]/g, '_');
}

/** `Add` becomes `add`; `HTTP` and `TypeScript` stay. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]+(?:\s|$)/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}
