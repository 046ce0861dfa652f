/** Conversations that a later step of the same run may continue. They are on this machine only. */
export interface Sessions {
  find(runId: string, key: string): string | undefined;
  remember(runId: string, key: string, sessionId: string): void;
  drop(runId: string, key: string): void;
  forget(runId: string): void;
  /** Forgets all other runs: those that ended on another machine were never forgotten here. */
  keepOnly(runIds: ReadonlySet<string>): void;
}

export function createSessions(): Sessions {
  const runs = new Map<string, Map<string, string>>();
  return {
    find: (runId, key) => runs.get(runId)?.get(key),
    remember(runId, key, sessionId) {
      const known = runs.get(runId) ?? new Map<string, string>();
      runs.set(runId, known.set(key, sessionId));
    },
    drop: (runId, key) => void runs.get(runId)?.delete(key),
    forget: (runId) => void runs.delete(runId),
    keepOnly(runIds) {
      for (const runId of runs.keys()) if (!runIds.has(runId)) runs.delete(runId);
    },
  };
}
