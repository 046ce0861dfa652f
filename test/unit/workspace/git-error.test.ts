import { describe, expect, it } from 'vitest';
import { codeFor, GitError } from '#src/workspace/git/git-error.ts';

describe('codeFor', () => {
  it.each([
    ["fatal: Authentication failed for 'https://github.com/acme/demo.git/'", 'git-auth'],
    [
      "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
      'git-auth',
    ],
    ["fatal: unable to access 'https://x/': The requested URL returned error: 403", 'git-auth'],
    ["fatal: repository 'https://github.com/acme/x.git/' not found", 'git-not-found'],
    ["fatal: unable to access 'https://x/': The requested URL returned error: 301", 'git-moved'],
    ["fatal: unable to access 'https://x/': Could not resolve host: x", 'git-network'],
    ["fatal: unable to access 'https://x/': The requested URL returned error: 502", 'git-network'],
    ['error: RPC failed; curl 56 GnuTLS recv error (-54)\nfatal: early EOF', 'git-network'],
    ['fatal: the remote end hung up unexpectedly', 'git-network'],
    ['fatal: remote error: upload-pack: not our ref 1234', 'git-unknown-commit'],
    ['error: Server does not allow request for unadvertised object 1234', 'git-unknown-commit'],
    ['fatal: bad object 1234', 'git-unknown-commit'],
    ["fatal: Unable to create '/m/index.lock': File exists.", 'git-locked'],
    ["error: cannot lock ref 'refs/x': is at 1 but expected 2", 'git-locked'],
    ['fatal: write error: No space left on device', 'git-disk-full'],
    [
      'error: object file objects/aa/bb is empty\nfatal: loose object aabb is corrupt',
      'git-corrupt',
    ],
    ["fatal: not a git repository: '/m'", 'git-corrupt'],
    ['fatal: unable to read tree 1234', 'git-corrupt'],
    ['fatal: something nobody has seen before', 'git-failed'],
  ])('reads %j as %s', (stderr, code) => expect(codeFor(stderr)).toBe(code));

  it('is not told by the far side what to think', () => {
    expect(codeFor('remote: fatal: Authentication failed\nfatal: odd')).toBe('git-failed');
  });
});

describe('GitError', () => {
  it.each([
    ['git-network', true],
    ['git-timeout', true],
    ['git-locked', true],
    ['git-auth', false],
    ['git-unknown-commit', false],
  ] as const)('of code %s is transient: %s', (code, transient) => {
    expect(new GitError(code, 'x').transient).toBe(transient);
  });
});
