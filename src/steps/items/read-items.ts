import type { Json } from '../../plan/json.ts';
import type { ItemsSource } from '../../plan/plan.ts';
import type { Attempt } from '../attempt.ts';
import { openNodeTree } from '../node-tree.ts';
import { valueFinder } from '../outputs/find-value.ts';
import type { StepDeps } from '../step-deps.ts';
import { fileMatcher } from './file-matcher.ts';
import { listIn, type ParsedItems, parseItems, parseTaskFile } from './parse-items.ts';

/** Items are part of the run's state, which is written with every step. */
const MAX_ITEMS = 500;
const MAX_ITEM = 20_000;
const MAX_ALL = 400_000;
const MAX_FILE_BYTES = 2_000_000;
const MAX_BODY = 12_000;

/** Reads what a foreach iterates over: an output, or files as the run left them. */
export async function readItems(
  deps: StepDeps,
  attempt: Attempt,
  source: ItemsSource,
): Promise<ParsedItems> {
  const found = await find(deps, attempt, source);
  return found.ok ? limited(found.items) : found;
}

async function find(deps: StepDeps, attempt: Attempt, source: ItemsSource): Promise<ParsedItems> {
  switch (source.type) {
    case 'list':
      return { ok: true, items: source.items };
    case 'output':
      return fromOutput(deps, attempt, source.path);
    case 'file':
      return fromFile(deps, attempt, source);
    case 'files':
      return fromFiles(deps, attempt, source.glob);
  }
}

async function fromOutput(deps: StepDeps, attempt: Attempt, path: string): Promise<ParsedItems> {
  const value = (await valueFinder(deps, attempt))(path);
  if (value === undefined) return { ok: false, message: `There is no \`${path}\` in the outputs.` };
  const found = typeof value === 'string' ? listInText(value) : listIn(value);
  return found.ok ? found : { ok: false, message: `\`${path}\`: ${found.message}.` };
}

/** An agent without a result contract writes its list as JSON, often inside a fence. */
function listInText(text: string): ParsedItems {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n```/.exec(text)?.[1];
  return parseItems(fenced ?? text, 'json');
}

async function fromFile(
  deps: StepDeps,
  attempt: Attempt,
  { path, format }: Extract<ItemsSource, { type: 'file' }>,
): Promise<ParsedItems> {
  const { worktree, at } = await openNodeTree(deps, attempt, 'objects');
  const { workspaces } = deps.worktrees;
  const { signal } = attempt;
  const request = { sha: at, path, maxBytes: MAX_FILE_BYTES, signal };
  const file = await workspaces.readFile(worktree, request);
  if (file === null)
    return { ok: false, message: `There is no file \`${path}\` in the repository.` };
  if (file.truncated) {
    return {
      ok: false,
      message: `\`${path}\` has ${file.bytes} bytes, more than ${MAX_FILE_BYTES}.`,
    };
  }
  const found = parseItems(file.text, format);
  return found.ok ? found : { ok: false, message: `\`${path}\`: ${found.message}.` };
}

async function fromFiles(deps: StepDeps, attempt: Attempt, glob: string): Promise<ParsedItems> {
  const { worktree, at: sha } = await openNodeTree(deps, attempt, 'objects');
  const { workspaces } = deps.worktrees;
  const { signal } = attempt;
  const paths = (await workspaces.listFiles(worktree, { sha, signal })).filter(fileMatcher(glob));
  if (paths.length > MAX_ITEMS) return tooMany(paths.length);
  const items: Json[] = [];
  for (const path of paths) {
    const file = await workspaces.readFile(worktree, { sha, path, maxBytes: MAX_BODY, signal });
    const cut = file?.truncated === true ? `\n[cut here; the rest is in ${path}]` : '';
    const task = parseTaskFile(path, (file?.text ?? '') + cut);
    if (typeof task === 'string') return { ok: false, message: task };
    items.push(task.item);
  }
  return { ok: true, items };
}

function limited(items: readonly Json[]): ParsedItems {
  if (items.length > MAX_ITEMS) return tooMany(items.length);
  const sizes = items.map((item) => JSON.stringify(item).length);
  const long = sizes.findIndex((size) => size > MAX_ITEM);
  if (long >= 0) {
    const message = `Item ${long + 1} has ${sizes[long]} characters, more than ${MAX_ITEM}; let it name a file instead.`;
    return { ok: false, message };
  }
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all <= MAX_ALL) return { ok: true, items };
  return { ok: false, message: `The items have ${all} characters, more than ${MAX_ALL}.` };
}

function tooMany(count: number): ParsedItems {
  return { ok: false, message: `There are ${count} items, more than ${MAX_ITEMS}.` };
}
