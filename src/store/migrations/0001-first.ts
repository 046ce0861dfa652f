import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Every table of the first version. Released migrations are never edited; a change is a new file. */
export const first: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table deliveries (
    guid text primary key,
    event text not null,
    action text,
    installation_id bigint,
    repository_id bigint,
    payload text,
    status text not null default 'received',
    reason text,
    attempts integer not null default 0,
    received_at timestamptz not null,
    handled_at timestamptz
  )`,
  `create index deliveries_received_at on deliveries (received_at)`,
  `create index deliveries_unfinished on deliveries (status, received_at)
    where status in ('received', 'failed')`,

  `create table plans (digest text primary key, plan text not null)`,

  `create table runs (
    id text primary key,
    repository_id bigint not null,
    installation_id bigint not null,
    subject_number integer not null,
    workflow text not null,
    branch text not null,
    head_sha text,
    status text not null,
    live boolean not null,
    start_key text not null constraint runs_start_key unique,
    plan_digest text not null references plans (digest),
    context text not null,
    state text not null,
    queued_at timestamptz not null,
    settled_at timestamptz,
    updated_at timestamptz not null
  )`,
  `create unique index runs_live on runs (repository_id, subject_number, workflow) where live`,
  `create index runs_subject on runs (repository_id, subject_number, queued_at desc)`,
  `create index runs_branch on runs (repository_id, branch)`,
  `create index runs_head on runs (repository_id, head_sha) where head_sha is not null`,
  `create index runs_queued_at on runs (queued_at desc, id)`,
  `create index runs_live_status on runs (status) where live`,

  `create table transitions (
    run_id text not null references runs (id) on delete cascade,
    seq bigint generated always as identity,
    at timestamptz not null,
    node text,
    visit integer,
    attempt integer,
    kind text not null,
    reason_code text,
    detail text,
    actor text,
    primary key (run_id, seq)
  )`,

  `create table outputs (
    run_id text not null references runs (id) on delete cascade,
    node text not null,
    visit integer not null,
    version integer not null,
    name text,
    text text not null,
    data text not null,
    digest text not null,
    size integer not null,
    author text,
    created_at timestamptz not null,
    primary key (run_id, node, visit, version)
  )`,

  `create table reports (
    run_id text not null,
    kind text not null,
    key text not null,
    state text not null,
    github_id bigint,
    node_id text,
    url text,
    digest text,
    data json not null,
    intended_at timestamptz not null,
    posted_at timestamptz,
    primary key (run_id, kind, key)
  )`,
  `create index reports_github_id on reports (kind, github_id) where github_id is not null`,

  `create table commands (
    key text primary key,
    run_id text not null references runs (id) on delete cascade,
    at timestamptz not null
  )`,

  `create table refusals (
    repository_id bigint not null,
    subject_number integer not null,
    login text not null,
    day date not null,
    primary key (repository_id, subject_number, login, day)
  )`,

  `create table workers (
    id integer generated always as identity primary key,
    name text not null,
    started_at timestamptz not null default now(),
    heartbeat_at timestamptz not null default now()
  )`,
];
