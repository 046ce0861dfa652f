import { sql } from 'kysely';
import type { Json } from '../plan/json.ts';
import type { Database } from './schema.ts';
import { storableText } from './storable-text.ts';

/** A node's full answer. Version 1 is what the node gave; later versions are a person's edits. */
export interface Output extends OutputRef {
  readonly version: number;
  readonly name: string | null;
  readonly text: string;
  readonly data: Json;
  readonly digest: string;
  readonly size: number;
  /** Login of the person who edited it; null for the node itself. */
  readonly author: string | null;
  readonly createdAt: string;
}

export interface OutputRef {
  readonly node: string;
  readonly visit: number;
}

/** Saving the same version again replaces it, as happens when a job runs twice. */
export async function saveOutput(db: Database, runId: string, output: Output): Promise<void> {
  await db
    .insertInto('outputs')
    .values({
      run_id: runId,
      node: output.node,
      visit: output.visit,
      version: output.version,
      name: output.name,
      text: storableText(output.text),
      data: JSON.stringify(output.data),
      digest: output.digest,
      size: output.size,
      author: output.author,
      created_at: output.createdAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['run_id', 'node', 'visit', 'version']).doUpdateSet((given) => ({
        name: given.ref('excluded.name'),
        text: given.ref('excluded.text'),
        data: given.ref('excluded.data'),
        digest: given.ref('excluded.digest'),
        size: given.ref('excluded.size'),
        author: given.ref('excluded.author'),
        created_at: given.ref('excluded.created_at'),
      })),
    )
    .execute();
}

/** The newest version of each; those without an output are left out. */
export async function readOutputs(
  db: Database,
  runId: string,
  refs: readonly OutputRef[],
): Promise<Output[]> {
  if (refs.length === 0) return [];
  const wanted = sql`(select * from json_to_recordset(${JSON.stringify(refs)}::json) as ref (node text, visit integer))`;
  const rows = await db
    .selectFrom('outputs')
    .selectAll()
    .distinctOn(['node', 'visit'])
    .where('run_id', '=', runId)
    .where(sql<boolean>`(node, visit) in ${wanted}`)
    .orderBy('node')
    .orderBy('visit')
    .orderBy('version', 'desc')
    .execute();
  return rows.map(outputFor);
}

/** Every version of one output, oldest first. */
export async function listOutputVersions(
  db: Database,
  runId: string,
  ref: OutputRef,
): Promise<Output[]> {
  const rows = await db
    .selectFrom('outputs')
    .selectAll()
    .where('run_id', '=', runId)
    .where('node', '=', ref.node)
    .where('visit', '=', ref.visit)
    .orderBy('version')
    .execute();
  return rows.map(outputFor);
}

/** What a node answered last, in its current version. */
export async function findNewestOutput(
  db: Database,
  runId: string,
  node: string,
): Promise<Output | undefined> {
  const row = await db
    .selectFrom('outputs')
    .selectAll()
    .where('run_id', '=', runId)
    .where('node', '=', node)
    .orderBy('visit', 'desc')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : outputFor(row);
}

interface OutputRow extends Omit<Output, 'createdAt' | 'data'> {
  readonly data: string;
  readonly created_at: Date;
}

function outputFor({ node, visit, version, name, text, data, ...row }: OutputRow): Output {
  return {
    node,
    visit,
    version,
    name,
    text,
    data: JSON.parse(data),
    digest: row.digest,
    size: row.size,
    author: row.author,
    createdAt: row.created_at.toISOString(),
  };
}
