import { GitError } from './git-error.ts';

const SHA = /^[0-9a-f]{40}$/;
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export function isSha(text: string): boolean {
  return SHA.test(text);
}

/** Git's own rules for a branch, and ours: nothing that reads as an option, a full ref or `HEAD`. */
export function isBranchName(name: string): boolean {
  if (name.length === 0 || Buffer.byteLength(name) > 200) return false;
  if (name === 'HEAD' || name === '@' || name.startsWith('-') || name.startsWith('refs/'))
    return false;
  // oxlint-disable-next-line no-control-regex -- git refuses control characters in a ref.
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\//.test(name)) return false;
  return name.split('/').every((part) => part !== '' && !/^\.|\.$|\.lock$/.test(part));
}

export function checkedSha(text: string): string {
  if (!isSha(text)) throw invalid('a commit is named by its 40 hexadecimal digits', { sha: text });
  return text;
}

export function checkedBranch(name: string): string {
  if (!isBranchName(name)) throw invalid('this is no name for a branch', { branch: name });
  return name;
}

/** Run ids become directory names, so they contain only letters, digits, `-` and `_`. */
export function checkedRunId(runId: string): string {
  if (!RUN_ID.test(runId)) throw invalid('this is no id of a run', { runId });
  return runId;
}

function invalid(message: string, fields: Record<string, unknown>): GitError {
  return new GitError('git-invalid-request', message, { fields });
}
