import type { Role } from './extension/roles.ts';

export interface RepositorySeed {
  name: string;
  private?: boolean;
  defaultBranch?: string;
  files?: Record<string, string>;
}

export interface LocalGitHubOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  owner?: string;
  /** Files of the first repository, `demo`. */
  files?: Record<string, string>;
  /** All repositories; the first is the one the short methods speak of. Replaces `files`. */
  repositories?: RepositorySeed[];
  /** Everybody who has an account, with their role in every repository. */
  people?: Record<string, Role>;
  app?: {
    id?: number;
    slug?: string;
    name?: string;
    privateKey?: string;
    webhookSecret?: string;
    webhookUrl?: string;
    permissions?: Record<string, string>;
    events?: string[];
  };
  /** Requests per hour and token owner before 403; unlimited by default. */
  rateLimit?: number;
}

export const DEFAULT_PEOPLE: Record<string, Role> = {
  alice: 'admin',
  maya: 'maintain',
  bob: 'write',
  tess: 'triage',
  rita: 'read',
  mallory: 'none',
};

export const DEFAULT_PERMISSIONS: Record<string, string> = {
  metadata: 'read',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  checks: 'write',
  actions: 'read',
  statuses: 'read',
  members: 'read',
};

export const DEFAULT_EVENTS = [
  'issues',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'check_run',
  'check_suite',
  'push',
  'installation',
  'installation_repositories',
];

export const DEFAULT_FILES: Record<string, string> = {
  'README.md': '# demo\n\nA small repository.\n',
  'src/greet.js': 'export const greet = (name) => `Hello, ${name}!`;\n',
};
