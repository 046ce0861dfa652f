import { findReading, saveReading } from '../store/readings.ts';
import type { RunDeps } from './run-deps.ts';

/** How a delivery's comment was understood when first handled; null if it has not been. */
export function recallReading({ db }: RunDeps, deliveryId: string): Promise<unknown> {
  return findReading(db, deliveryId);
}

export function keepReading({ db }: RunDeps, deliveryId: string, reading: unknown): Promise<void> {
  return saveReading(db, deliveryId, reading);
}
