import { findReading, saveReading } from '../store/readings.ts';
import type { RunDeps } from './run-deps.ts';

/** How the comment of a delivery was understood when it was handled first; null: it was not yet. */
export function recallReading({ db }: RunDeps, deliveryId: string): Promise<unknown> {
  return findReading(db, deliveryId);
}

export function keepReading({ db }: RunDeps, deliveryId: string, reading: unknown): Promise<void> {
  return saveReading(db, deliveryId, reading);
}
