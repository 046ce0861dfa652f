// The parts of emulate's private store that the extension reads and writes.

interface Row {
  id: number;
  created_at: string;
  updated_at: string;
}

interface Collection<T extends Row> {
  insert(row: Omit<T, keyof Row> & { id?: number }): T;
  get(id: number): T | undefined;
  findBy(field: keyof T, value: string | number): T[];
  findOneBy(field: keyof T, value: string | number): T | undefined;
  update(id: number, patch: Partial<T>): T | undefined;
  delete(id: number): boolean;
  all(): T[];
}

export interface UserRow extends Row {
  login: string;
  node_id: string;
  type: 'User' | 'Bot';
  site_admin: boolean;
  name: string | null;
  email: string | null;
  [other: string]: unknown;
}

interface OrgRow extends Row {
  login: string;
  node_id: string;
}

export interface RepoRow extends Row {
  name: string;
  full_name: string;
  owner_id: number;
  owner_type: 'User' | 'Organization';
  private: boolean;
  default_branch: string;
  open_issues_count: number;
  allow_rebase_merge: boolean;
  delete_branch_on_merge: boolean;
}

interface CollaboratorRow extends Row {
  repo_id: number;
  user_id: number;
  permission: string;
}

export interface IssueRow extends Row {
  node_id: string;
  number: number;
  repo_id: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  state_reason: string | null;
  user_id: number;
  assignee_ids: number[];
  label_ids: number[];
  comments: number;
  closed_at: string | null;
  closed_by_id: number | null;
  is_pull_request: boolean;
}

export interface PullRow extends Row {
  node_id: string;
  number: number;
  repo_id: number;
  title: string;
  state: 'open' | 'closed';
  user_id: number;
  head_ref: string;
  head_sha: string;
  base_ref: string;
  base_sha: string;
  draft: boolean;
  merged: boolean;
  merged_at: string | null;
  merged_by_id: number | null;
  merge_commit_sha: string | null;
  mergeable: boolean | null;
  mergeable_state: string;
  closed_at: string | null;
  commits: number;
  additions: number;
  deletions: number;
  changed_files: number;
}

interface LabelRow extends Row {
  repo_id: number;
  node_id: string;
  name: string;
  color: string;
  description: string | null;
  default: boolean;
}

export interface CommentRow extends Row {
  node_id: string;
  repo_id: number;
  issue_number: number | null;
  comment_type: 'issue' | 'review' | 'commit';
  user_id: number;
  body: string;
}

interface IssueEventRow extends Row {
  node_id: string;
  repo_id: number;
  issue_number: number;
  event: string;
  actor_id: number;
  label_name: string | null;
}

interface BranchRow extends Row {
  repo_id: number;
  name: string;
  sha: string;
  protected: boolean;
}

export interface RefRow extends Row {
  repo_id: number;
  ref: string;
  sha: string;
  node_id: string;
}

interface CommitRow extends Row {
  repo_id: number;
  sha: string;
  tree_sha: string;
  parent_shas: string[];
  message: string;
}

export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: string;
  message: string;
}

export interface CheckAction {
  label: string;
  description: string;
  identifier: string;
}

export interface CheckRunRow extends Row {
  repo_id: number;
  head_sha: string;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  external_id: string;
  details_url: string | null;
  check_suite_id: number | null;
  app_id: number | null;
  output: {
    title: string | null;
    summary: string | null;
    text: string | null;
    annotations_count: number;
    annotations: Annotation[];
  };
}

interface CheckSuiteRow extends Row {
  node_id: string;
  repo_id: number;
  head_branch: string;
  head_sha: string;
  status: string;
  conclusion: string | null;
  before: string;
  after: string;
  app_id: number | null;
}

export interface AppRow extends Row {
  app_id: number;
  slug: string;
  name: string;
  private_key: string;
  permissions: Record<string, string>;
  events: string[];
  webhook_url: string | null;
  webhook_secret: string | null;
  description: string | null;
}

export interface InstallationRow extends Row {
  installation_id: number;
  app_id: number;
  account_type: 'User' | 'Organization';
  account_id: number;
  account_login: string;
  repository_selection: 'all' | 'selected';
  repository_ids: number[];
  permissions: Record<string, string>;
  events: string[];
  suspended_at: string | null;
}

interface ReviewRow extends Row {
  node_id: string;
  repo_id: number;
}

export interface GitHubStore {
  users: Collection<UserRow>;
  orgs: Collection<OrgRow>;
  repos: Collection<RepoRow>;
  collaborators: Collection<CollaboratorRow>;
  issues: Collection<IssueRow>;
  pullRequests: Collection<PullRow>;
  labels: Collection<LabelRow>;
  comments: Collection<CommentRow>;
  issueEvents: Collection<IssueEventRow>;
  branches: Collection<BranchRow>;
  refs: Collection<RefRow>;
  commits: Collection<CommitRow>;
  checkRuns: Collection<CheckRunRow>;
  checkSuites: Collection<CheckSuiteRow>;
  reviews: Collection<ReviewRow>;
  apps: Collection<AppRow>;
  appInstallations: Collection<InstallationRow>;
}

interface InstallationGrant {
  installationId: number;
  appId: number;
  accountId: number;
  accountType: 'User' | 'Organization';
  permissions: Record<string, string>;
  repositoryIds: number[];
  repositorySelection: 'all' | 'selected';
}

/** Whom a token stands for, as emulate keeps it. */
export interface TokenOwner {
  login: string;
  id: number;
  scopes: string[];
  installation?: InstallationGrant;
}
