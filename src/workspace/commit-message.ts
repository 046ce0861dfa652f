import { GitError } from './git/git-error.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface CommitText {
  readonly subject: string;
  readonly body?: string;
  /** What our commits are found by later, such as `Sluice-Run`. */
  readonly trailers: Readonly<Record<string, string>>;
  readonly coAuthors?: readonly Person[];
}

const MAX_SUBJECT = 200;
const MAX_BODY = 20_000;

/** A commit message whose last paragraph is exactly our trailers, whatever a model put in the text. */
export function commitMessage(text: CommitText): string {
  const subject = oneLine(text.subject).slice(0, MAX_SUBJECT).trim() || 'Changes';
  const keys = Object.keys(text.trailers);
  const body = bodyWithout(keys, text.body ?? '');
  const trailers = keys.map((key) => `${trailerKey(key)}: ${oneLine(text.trailers[key] ?? '')}`);
  const authors = (text.coAuthors ?? []).map((who) => `Co-authored-by: ${ident(who)}`);
  const paragraphs = [subject, body, [...authors, ...trailers].join('\n')];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

/** A person as git writes it, without the characters that would end the name early. */
export function ident(person: Person): string {
  const { name, email } = cleanPerson(person);
  return `${name} <${email}>`;
}

export function cleanPerson({ name, email }: Person): Person {
  return { name: withoutBrackets(name) || 'unknown', email: withoutBrackets(email) };
}

function withoutBrackets(text: string): string {
  return oneLine(text).replaceAll(/[<>]/g, '').trim();
}

function bodyWithout(keys: readonly string[], body: string): string {
  const reserved = new Set(keys.map((key) => key.toLowerCase()));
  return printable(body)
    .slice(0, MAX_BODY)
    .split('\n')
    .filter((line) => !reserved.has(line.split(':')[0]?.trim().toLowerCase() ?? ''))
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function trailerKey(key: string): string {
  if (/^[A-Za-z][A-Za-z0-9-]*$/.test(key)) return key;
  throw new GitError('git-invalid-request', 'this is no key for a trailer', { fields: { key } });
}

function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}

function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what has to go: git ends a message at a zero byte.
  return text.replaceAll('\r\n', '\n').replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}
