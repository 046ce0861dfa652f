import { dataBlock, MAX_INJECTED } from './data-block.ts';

/** What the run's pull request changes. */
export interface SubjectChange {
  /** Its target branch. */
  readonly into: string;
  readonly files: readonly ChangedFile[];
  readonly patch: string;
  /** The patch is only the beginning. */
  readonly truncated: boolean;
}

interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
  /** In lines; null for content that is not text. */
  readonly additions: number | null;
  readonly deletions: number | null;
}

const MOST_FILES = 500;

/** Tells the agent what is under review, since its checkout shows the result and not the change. */
export function changeSection({ into, files, patch, truncated }: SubjectChange): string {
  if (files.length === 0) return '## The change\n\nThe pull request changes no file.';
  const shown = patch.slice(0, MAX_INJECTED);
  const isCut = truncated || shown.length < patch.length;
  const parts = [
    '## The change',
    `What the pull request changes, from where it left \`${into}\`. The working directory shows the files with the change in them.`,
    dataBlock('changed_files', fileList(files)),
    dataBlock('change', shown),
    isCut ? 'The diff is longer than this; read the other files where they are.' : '',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function fileList(files: readonly ChangedFile[]): string {
  const lines = files.slice(0, MOST_FILES).map(({ path, status, additions, deletions }) => {
    const size = additions === null ? 'not text' : `+${additions} -${deletions ?? 0}`;
    return `${status} ${path} (${size})`;
  });
  const left = files.length - lines.length;
  return [...lines, ...(left > 0 ? [`… and ${left} more files`] : [])].join('\n');
}
