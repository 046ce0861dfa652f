import type { FrameId, NodeKey } from './run.ts';

export const ROOT: FrameId = '';

/** `build/compile` is in frame `build/`; `plan` is in the root. */
export function splitKey(key: NodeKey): { frame: FrameId; id: string } {
  const cut = key.lastIndexOf('/') + 1;
  return { frame: key.slice(0, cut), id: key.slice(cut) };
}

/** Frame of a call or group node, or of one member of a foreach node. */
export function frameIdFor(key: NodeKey, index: number | null): FrameId {
  return index === null ? `${key}/` : `${key}[${index}]/`;
}
