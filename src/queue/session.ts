export interface SessionEvents {
  /** Somebody withdrew an attempt; the payload says which. */
  stopped(payload: string): void;
  /** Notifications may have been missed. */
  missed(): void;
  /** Other workers declared this one dead and have its jobs. */
  declaredDead(): void;
}

/** How this process hears from the others, and how they see that it is alive. */
export interface Session {
  /** Number recorded in claims; null on the embedded database, which has one process. */
  readonly worker: number | null;
  close(): Promise<void>;
}
