import { byteLength, cutBytes } from '../text/cut-text.ts';

/** What a task is composed of. */
export interface TaskParts {
  /** What the starter said, or the item as written; null if neither may be read. */
  readonly said: string | null;
  /** Oldest first. */
  readonly comments: readonly TaskComment[];
  /** Number of comments whose authors are not known well enough. */
  readonly leftOut: number;
}

export interface TaskComment {
  readonly author: string;
  readonly at: string;
  readonly body: string;
}

/** The task as agents read it, within so many bytes. */
export function taskText({ said, comments, leftOut }: TaskParts, maxBytes: number): string {
  const parts = [
    ...(said === null ? [] : [said]),
    ...comments.map(
      ({ author, at, body }) => `Comment by ${author} on ${at.slice(0, 10)}:\n\n${body}`,
    ),
    ...(leftOut === 0 ? [] : [`(${leftOut} ${leftOut === 1 ? 'comment' : 'comments'} left out.)`]),
  ];
  return cut(parts.join('\n\n').trim(), maxBytes);
}

function cut(text: string, maxBytes: number): string {
  const size = byteLength(text);
  if (size <= maxBytes) return text;
  const note = `\n\n[cut here: it has ${size} bytes]`;
  return cutBytes(cutBytes(text, Math.max(0, maxBytes - byteLength(note))) + note, maxBytes);
}
