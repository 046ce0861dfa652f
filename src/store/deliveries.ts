import type { Database, DatabaseTransaction, DeliveryStatus } from './schema.ts';
import { storableText } from './storable-text.ts';

export interface NewDelivery {
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  /** The raw body, known to be JSON. */
  readonly payload: string;
  readonly receivedAt: string;
  readonly status: 'received' | 'ignored';
  readonly reason: string | null;
}

export interface Delivery extends Omit<NewDelivery, 'payload' | 'status'> {
  readonly status: DeliveryStatus;
  /** Null if it has been pruned. */
  readonly payload: unknown;
  readonly attempts: number;
  readonly handledAt: string | null;
}

export interface DeliveryOutcome {
  readonly status: 'handled' | 'failed' | 'ignored';
  readonly reason: string | null;
  readonly at: string;
}

/**
 * Inserts several at once and returns the GUIDs to be handled: new ones, and those whose handling
 * failed and that somebody asked GitHub to redeliver. The value says whether it was tried before.
 */
export async function insertDeliveries(
  trx: DatabaseTransaction,
  deliveries: readonly NewDelivery[],
): Promise<Map<string, boolean>> {
  // One statement must not hit the same row twice.
  const each = [...new Map(deliveries.map((delivery) => [delivery.guid, delivery])).values()];
  const rows = await trx
    .insertInto('deliveries')
    .values(
      each.map((delivery) => ({
        guid: delivery.guid,
        event: delivery.event,
        action: delivery.action,
        installation_id: delivery.installationId,
        repository_id: delivery.repositoryId,
        payload: delivery.payload,
        status: delivery.status,
        reason: delivery.reason,
        received_at: delivery.receivedAt,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .column('guid')
        .doUpdateSet((row) => ({ status: 'received', payload: row.ref('excluded.payload') }))
        .where('deliveries.status', '=', 'failed'),
    )
    .returning(['guid', 'attempts'])
    .execute();
  return new Map(rows.map(({ guid, attempts }) => [guid, attempts > 0]));
}

export async function findDelivery(db: Database, guid: string): Promise<Delivery | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('guid', '=', guid)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    guid: row.guid,
    event: row.event,
    action: row.action,
    installationId: row.installation_id,
    repositoryId: row.repository_id,
    payload: row.payload === null ? null : JSON.parse(row.payload),
    status: row.status,
    reason: row.reason,
    attempts: row.attempts,
    receivedAt: row.received_at.toISOString(),
    handledAt: row.handled_at?.toISOString() ?? null,
  };
}

/** Records how handling it went; `failed` may be followed by another attempt. */
export async function settleDelivery(
  db: Database,
  guid: string,
  outcome: DeliveryOutcome,
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set((row) => ({
      status: outcome.status,
      reason: outcome.reason === null ? null : storableText(outcome.reason),
      attempts: row('attempts', '+', 1),
      handled_at: outcome.at,
    }))
    .where('guid', '=', guid)
    .execute();
}

/** Marks a delivery whose handling never finished. One that did finish keeps its result. */
export async function failDelivery(
  db: Database,
  guid: string,
  failure: { readonly reason: string; readonly at: string },
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set((row) => ({
      status: 'failed',
      reason: storableText(failure.reason),
      attempts: row('attempts', '+', 1),
      handled_at: failure.at,
    }))
    .where('guid', '=', guid)
    .where('status', '=', 'received')
    .execute();
}

/** Which of these GUIDs are in the inbox and need no redelivery. */
export async function findKnownGuids(db: Database, guids: readonly string[]): Promise<Set<string>> {
  if (guids.length === 0) return new Set();
  const rows = await db
    .selectFrom('deliveries')
    .select('guid')
    .where('guid', 'in', [...guids])
    .where('status', '!=', 'failed')
    .execute();
  return new Set(rows.map((row) => row.guid));
}

export interface PrunedDeliveries {
  readonly payloads: number;
  readonly rows: number;
}

/**
 * Drops payloads received before one time and whole rows received before the other. The row
 * outlives its payload, because the GUID is how a late redelivery is recognised.
 */
export async function pruneDeliveries(
  db: Database,
  before: { readonly payloads: string; readonly rows: string },
): Promise<PrunedDeliveries> {
  const rows = await db
    .deleteFrom('deliveries')
    .where('received_at', '<', new Date(before.rows))
    .executeTakeFirst();
  const payloads = await db
    .updateTable('deliveries')
    .set({ payload: null })
    .where('received_at', '<', new Date(before.payloads))
    .where('payload', 'is not', null)
    .where('status', '!=', 'received')
    .executeTakeFirst();
  return { rows: Number(rows.numDeletedRows), payloads: Number(payloads.numUpdatedRows) };
}
