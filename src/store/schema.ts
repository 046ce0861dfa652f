import type { ColumnType, Generated, GeneratedAlways, Kysely, Transaction } from 'kysely';
import type { RunStatus } from '../engine/state/run.ts';
import type { Json } from '../plan/json.ts';

/** Anything a read may run on: the pool or an open transaction. */
export type Database = Kysely<Tables>;
/** Required by writes that must be atomic with others, so they cannot be called without one. */
export type DatabaseTransaction = Transaction<Tables>;

export interface Tables {
  deliveries: DeliveriesTable;
  plans: PlansTable;
  runs: RunsTable;
  transitions: TransitionsTable;
  outputs: OutputsTable;
  reports: ReportsTable;
  refusals: RefusalsTable;
  askings: AskingsTable;
  commands: CommandsTable;
  workers: WorkersTable;
  claims: ClaimsTable;
  step_cache: StepCacheTable;
  scorecards: ScorecardsTable;
  waiting_starts: WaitingStartsTable;
  signs_of_life: SignsOfLifeTable;
}

type Timestamp = ColumnType<Date, string, string>;
type NullableTimestamp = ColumnType<Date | null, string | null, string | null>;
/**
 * JSON kept as text. What people and agents write may contain U+0000, which PostgreSQL's own types
 * refuse, and may be nested so deeply that checking it crashes the embedded database.
 */
type JsonText = string;

interface DeliveriesTable {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
  payload: JsonText | null;
  status: DeliveryStatus;
  reason: string | null;
  attempts: Generated<number>;
  reading: JsonText | null;
  received_at: Timestamp;
  handled_at: NullableTimestamp;
}
export type DeliveryStatus = 'received' | 'handled' | 'failed' | 'ignored';

interface PlansTable {
  digest: string;
  plan: JsonText;
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
  /** Login in lower case; null for runs from before starters were counted. */
  starter: ColumnType<string | null, string, never>;
  plan_digest: string;
  context: JsonText;
  state: JsonText;
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
  data: JsonText;
  digest: string;
  size: number;
  author: string | null;
  created_at: Timestamp;
}

interface StepCacheTable {
  key: string;
  repository_id: number;
  answer: JsonText;
  created_at: Timestamp;
}

interface ScorecardsTable {
  run_id: string;
  repository_id: number;
  workflow: string;
  score: number;
  tokens: number;
  usd: number | null;
  work_ms: number;
  retries: number;
  settled_at: Timestamp;
}

interface SignsOfLifeTable {
  run_id: string;
  node: string;
  visit: number;
  attempt: number;
  at: Timestamp;
  quiet: boolean;
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
  data: ColumnType<Json, string, string>;
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

interface AskingsTable {
  key: string;
  repository_id: number;
  login: string;
  at: Timestamp;
}

interface CommandsTable {
  key: string;
  run_id: string | null;
  refusal: JsonText | null;
  at: Timestamp;
}

interface WaitingStartsTable {
  key: string;
  repository_id: number;
  subject_number: number;
  workflow: string;
  scope: 'item' | 'workflow' | 'repository';
  request: JsonText;
  queued_at: Timestamp;
}

interface ClaimsTable {
  job: string;
  attempt: number;
  name: string;
  worker: number | null;
}

interface WorkersTable {
  id: GeneratedAlways<number>;
  name: string;
  started_at: Generated<Date>;
  heartbeat_at: Generated<Date>;
}
