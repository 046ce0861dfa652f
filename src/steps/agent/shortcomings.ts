import { outcomeFor } from '../../engine/read/outcome-for.ts';
import type { Json } from '../../plan/json.ts';
import type { AgentNode, Handoff } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';
import { statusOf } from './answer-facts.ts';
import { isFileInside, readInside, type WorktreeFile } from './worktree-files.ts';

/** Something the answer lacks. The agent is told, and gets a chance to supply it. */
export interface Shortcoming {
  /** The same shortcoming has the same key each time. */
  readonly key: string;
  readonly kind: 'contract' | 'handoff' | 'report' | 'check';
  /** How often the agent is sent back for it. */
  readonly max: number;
  readonly message: string;
}

const ONCE = 1;
const MAX_REPORT_BYTES = 400_000;

/** What the engine routes on must be there, and a status must be a word it knows. */
export function contractShortcomings({ result }: AgentNode, data: Json): readonly Shortcoming[] {
  if (result === null) return [];
  const missing = result.routingFields.filter((path) => readPath(data, path) === undefined);
  const fields = missing.map((path) =>
    lack(path, `The result lacks \`${path}\`, which decides what happens next.`),
  );
  if (result.statusField === null) return fields;
  const status = statusOf(result, data);
  if (status === null)
    return [...fields, lack('status', `The result lacks \`${result.statusField}\`.`)];
  if (outcomeFor(status) !== undefined) return fields;
  const message = `The result's \`${result.statusField}\` is ${JSON.stringify(status)}, which is no known status.`;
  return [...fields, lack('status', message)];
}

function lack(key: string, message: string): Shortcoming {
  return { key: `contract:${key}`, kind: 'contract', max: ONCE, message };
}

/** Items that must be handed over but are missing, with no reason given. */
export async function handoffShortcomings(
  { handoffs }: AgentNode,
  data: Json,
  root: string,
): Promise<readonly Shortcoming[]> {
  const found = await Promise.all(handoffs.map((handoff) => handoffProblem(handoff, data, root)));
  return found.flatMap((message, index) =>
    message === null
      ? []
      : [{ key: `handoff:${handoffs[index]?.name}`, kind: 'handoff', max: ONCE, message }],
  );
}

/** A file's text from before the step, no longer than `maxBytes`; null if there was none. */
export type EarlierText = (path: string, maxBytes: number) => Promise<string | null>;

/** The files the step must write for people, and what they lack. */
export async function collectReports(
  { report }: AgentNode,
  root: string,
  before: EarlierText,
): Promise<{ files: readonly WorktreeFile[]; missing: readonly Shortcoming[] }> {
  const found = await Promise.all(
    report.map(async (path) => {
      const file = await readInside(root, path, MAX_REPORT_BYTES);
      return { file, missing: await reportProblem(path, file, before) };
    }),
  );
  return {
    files: found.flatMap(({ file }) => (file === null ? [] : [file])),
    missing: found.flatMap(({ missing }) => (missing === null ? [] : [missing])),
  };
}

async function reportProblem(
  path: string,
  file: WorktreeFile | null,
  before: EarlierText,
): Promise<Shortcoming | null> {
  const lacks = (message: string): Shortcoming => ({
    key: `report:${path}`,
    kind: 'report',
    max: ONCE,
    message,
  });
  if (file === null) return lacks(`There is no file \`${path}\`; write it.`);
  if ((await before(path, MAX_REPORT_BYTES)) !== file.text) return null;
  return lacks(`The file \`${path}\` is as it was before you began; write it.`);
}

async function handoffProblem(
  { name, required, path }: Handoff,
  data: Json,
  root: string,
): Promise<string | null> {
  const value = readPath(data, name);
  if (isEmpty(value)) {
    if (!required || !isEmpty(readPath(data, `${name}_absence_reason`))) return null;
    return `The result lacks \`${name}\`. Hand it over, or say in \`${name}_absence_reason\` why there is none.`;
  }
  if (!path) return null;
  const paths: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
  for (const one of paths) {
    if (typeof one !== 'string') return `\`${name}\` has to be the path of a file, as text.`;
    if (!(await isFileInside(root, one)))
      return `\`${name}\` names \`${one}\`, which does not exist as a file in the working directory.`;
  }
  return null;
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}
