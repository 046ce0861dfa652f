import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { git } from './git.ts';

export interface GitObject {
  type: string;
  data: Buffer;
}

export interface TreeEntry {
  mode: string;
  path: string;
  sha: string;
  type: 'tree' | 'blob' | 'commit';
}

export interface Identity {
  name: string;
  email: string;
  date: string;
}

export interface CommitObject {
  tree: string;
  parents: string[];
  author: Identity;
  committer: Identity;
  message: string;
  /** Headers GitHub's API cannot carry, such as a signature. */
  extra: string[];
}

export async function readObjects(dir: string, shas: string[]): Promise<Map<string, GitObject>> {
  const output = await git(dir, ['cat-file', '--batch'], { input: `${shas.join('\n')}\n` });
  const objects = new Map<string, GitObject>();
  for (let at = 0; at < output.length; ) {
    const lineEnd = output.indexOf(10, at);
    const [sha = '', type = '', size = '0'] = output.subarray(at, lineEnd).toString().split(' ');
    const end = lineEnd + 1 + Number(size);
    objects.set(sha, { type, data: output.subarray(lineEnd + 1, end) });
    at = end + 1;
  }
  return objects;
}

export function parseTree(data: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at);
    const zero = data.indexOf(0, space);
    const mode = data.subarray(at, space).toString().padStart(6, '0');
    const path = data.subarray(space + 1, zero).toString();
    const sha = data.subarray(zero + 1, zero + 21).toString('hex');
    entries.push({ mode, path, sha, type: typeOf(mode) });
    at = zero + 21;
  }
  return entries;
}

function typeOf(mode: string): TreeEntry['type'] {
  if (mode === '040000') return 'tree';
  return mode === '160000' ? 'commit' : 'blob';
}

export function serialiseTree(entries: TreeEntry[]): Buffer {
  const key = (entry: TreeEntry) =>
    Buffer.from(entry.type === 'tree' ? `${entry.path}/` : entry.path);
  return Buffer.concat(
    entries
      .toSorted((a, b) => Buffer.compare(key(a), key(b)))
      .flatMap(({ mode, path, sha }) => [
        Buffer.from(`${mode.replace(/^0+/, '')} ${path}\0`),
        Buffer.from(sha, 'hex'),
      ]),
  );
}

export function parseCommit(data: Buffer): CommitObject {
  const text = data.toString();
  const cut = text.indexOf('\n\n');
  const lines = text.slice(0, cut).split('\n');
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: parseIdentity(all('author')[0] ?? ''),
    committer: parseIdentity(all('committer')[0] ?? ''),
    message: text.slice(cut + 2),
    extra: lines.filter((line) => !/^(tree|parent|author|committer) /.test(line)),
  };
}

export function serialiseCommit(commit: Omit<CommitObject, 'extra'>): Buffer {
  const message = commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`;
  const headers = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${serialiseIdentity(commit.author)}`,
    `committer ${serialiseIdentity(commit.committer)}`,
  ];
  return Buffer.from(`${headers.join('\n')}\n\n${message}`);
}

function parseIdentity(line: string): Identity {
  const [, name = '', email = '', seconds = '0', zone = '+0000'] =
    /^(.*) <(.*)> (\d+) ([+-]\d{4})$/.exec(line) ?? [];
  const sign = zone.startsWith('-') ? -1 : 1;
  const minutes = sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
  const local = new Date((Number(seconds) + minutes * 60) * 1000).toISOString().slice(0, 19);
  return { name, email, date: `${local}${zone.slice(0, 3)}:${zone.slice(3)}` };
}

function serialiseIdentity({ name, email, date }: Identity): string {
  const zone = /([+-]\d\d):?(\d\d)$/.exec(date);
  const offset = zone === null ? '+0000' : `${zone[1]}${zone[2]}`;
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} ${offset}`;
}

/** Writes a loose object; throws when its name would not be `sha`. */
export async function writeObject(
  dir: string,
  type: string,
  data: Buffer,
  sha: string,
): Promise<void> {
  const content = Buffer.concat([Buffer.from(`${type} ${data.length}\0`), data]);
  const actual = createHash('sha1').update(content).digest('hex');
  if (actual !== sha) throw new Error(`${type} ${sha} was rebuilt as ${actual}`);
  const folder = join(dir, 'objects', sha.slice(0, 2));
  await mkdir(folder, { recursive: true });
  const file = join(folder, sha.slice(2));
  await writeFile(`${file}.new`, deflateSync(content));
  await rename(`${file}.new`, file);
}

export function hasObject(dir: string, sha: string): Promise<boolean> {
  return git(dir, ['cat-file', '-e', sha]).then(
    () => true,
    () => false,
  );
}
