import type { ColumnType, Generated, GeneratedAlways, Kysely, Transaction } from 'kysely';
import type { Run, RunStatus } from '../engine/run.ts';
import type { RunContext } from '../engine/run-context.ts';
import type { Json } from '../workflow/json.ts';
import type { Plan } from '../workflow/plan.ts';

/** Anything a read may run on: the pool or an open transaction. */
export type Database = Kysely<Tables>;
/** What a write that must be atomic with others asks for, so that it cannot be called outside one. */
export type DatabaseTransaction = Transaction<Tables>;

export interface Tables {
  deliveries: DeliveriesTable;
  plans: PlansTable;
  runs: RunsTable;
  transitions: TransitionsTable;
  outputs: OutputsTable;
  reports: ReportsTable;
  refusals: RefusalsTable;
  commands: CommandsTable;
  workers: WorkersTable;
}

type Timestamp = ColumnType<Date, string, string>;
type NullableTimestamp = ColumnType<Date | null, string | null, string | null>;
/** Kept as `json`, not `jsonb`: what people and agents write may hold U+0000, which jsonb refuses. */
type JsonColumn<T> = ColumnType<T, string, string>;

interface DeliveriesTable {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
  payload: ColumnType<unknown, string | null, string | null>;
  status: DeliveryStatus;
  reason: string | null;
  attempts: Generated<number>;
  received_at: Timestamp;
  handled_at: NullableTimestamp;
}
export type DeliveryStatus = 'received' | 'handled' | 'failed' | 'ignored';

interface PlansTable {
  digest: string;
  plan: JsonColumn<Plan>;
}

interface RunsTable {
  id: string;
  repository_id: number;
  installation_id: number;
  subject_number: number;
  workflow: string;
  branch: string;
  head_sha: string | null;
  status: RunStatus;
  /** Not settled: at most one such run per repository, subject and workflow. */
  live: boolean;
  start_key: string;
  plan_digest: string;
  context: JsonColumn<RunContext>;
  state: JsonColumn<Run>;
  queued_at: Timestamp;
  settled_at: NullableTimestamp;
  updated_at: Timestamp;
}

interface TransitionsTable {
  run_id: string;
  seq: GeneratedAlways<number>;
  at: Timestamp;
  node: string | null;
  visit: number | null;
  attempt: number | null;
  kind: string;
  reason_code: string | null;
  detail: string | null;
  actor: string | null;
}

interface OutputsTable {
  run_id: string;
  node: string;
  visit: number;
  version: number;
  name: string | null;
  text: string;
  data: JsonColumn<Json>;
  digest: string;
  size: number;
  author: string | null;
  created_at: Timestamp;
}

interface ReportsTable {
  run_id: string;
  kind: string;
  key: string;
  state: ReportState;
  github_id: number | null;
  node_id: string | null;
  url: string | null;
  digest: string | null;
  data: JsonColumn<Json>;
  intended_at: Timestamp;
  posted_at: NullableTimestamp;
}
export type ReportState = 'intended' | 'posted' | 'gone';

interface RefusalsTable {
  repository_id: number;
  subject_number: number;
  login: string;
  day: string;
}

interface CommandsTable {
  key: string;
  run_id: string;
  at: Timestamp;
}

interface WorkersTable {
  id: GeneratedAlways<number>;
  name: string;
  started_at: Generated<Date>;
  heartbeat_at: Generated<Date>;
}
