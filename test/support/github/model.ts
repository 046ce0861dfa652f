// The parts of GitHub's objects that tests and pages look at.

interface User {
  login: string;
  id: number;
  type: 'User' | 'Bot';
}

export interface Label {
  name: string;
  color: string;
  description: string | null;
}

export interface Issue {
  id: number;
  node_id: string;
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  user: User;
  labels: Label[];
  comments: number;
  created_at: string;
  updated_at: string;
  html_url: string;
  pull_request?: { url: string };
}

export interface Comment {
  id: number;
  node_id: string;
  body: string;
  user: User;
  created_at: string;
  updated_at: string;
  html_url: string;
  /** Why it is folded, or null. */
  minimised: string | null;
}

/** A review as a whole, or a comment in one. */
export interface Review {
  id: number;
  node_id: string;
}

export interface Pull {
  id: number;
  node_id: string;
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  draft: boolean;
  merged: boolean;
  merged_at: string | null;
  mergeable: boolean | null;
  user: User;
  labels: Label[];
  head: { ref: string; sha: string };
  base: { ref: string; sha: string };
  commits: number;
  additions: number;
  deletions: number;
  changed_files: number;
  created_at: string;
  html_url: string;
}

export interface CheckRun {
  id: number;
  name: string;
  head_sha: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  external_id: string;
  details_url: string | null;
  html_url: string;
  started_at: string | null;
  completed_at: string | null;
  output: {
    title: string | null;
    summary: string | null;
    text: string | null;
    annotations_count: number;
  };
  /** Its buttons, whether GitHub shows them or not: it does so once the run is completed. */
  actions: { label: string; description: string; identifier: string }[];
}

export interface Commit {
  sha: string;
  message: string;
  author: string;
  date: string;
}

export interface ReactionView {
  content: string;
  user: string;
}
