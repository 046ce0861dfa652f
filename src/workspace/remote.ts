import { GitError } from './git/git-error.ts';

export interface RepositoryAddress {
  readonly owner: string;
  readonly repo: string;
  /** As GitHub gives it; never with a credential inside. */
  readonly cloneUrl: string;
}

export interface TransportPolicy {
  /** Allows plain HTTP to machines other than this one. */
  readonly insecureHttp: boolean;
  /** Allows `file:` URLs, for tests. */
  readonly files: boolean;
}

const NAME = /^(?!\.{1,2}$)[\w.-]{1,100}$/;

/** Refuses any address that could reach for a program, an option, another scheme or a stored password. */
export function checkedAddress(
  address: RepositoryAddress,
  policy: TransportPolicy,
): RepositoryAddress {
  const { owner, repo, cloneUrl } = address;
  if (!NAME.test(owner) || !NAME.test(repo)) throw refused('not a repository name', address);
  const url = URL.canParse(cloneUrl) ? new URL(cloneUrl) : undefined;
  if (url === undefined || /[\s\\]/.test(cloneUrl)) throw refused('not a URL', address);
  if (!isAllowed(url, policy)) throw refused('a transport that is not allowed', address);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refused('a clone URL with more than an address in it', address);
  }
  return { owner, repo, cloneUrl: url.href };
}

function isAllowed(url: URL, policy: TransportPolicy): boolean {
  switch (url.protocol) {
    case 'https:':
      return true;
    case 'http:':
      return policy.insecureHttp || isLoopback(url.hostname);
    case 'file:':
      return policy.files && url.host === '';
    default:
      return false;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function refused(what: string, { owner, repo }: RepositoryAddress): GitError {
  return new GitError('git-invalid-request', `the repository's address is ${what}`, {
    fields: { owner, repo },
  });
}
