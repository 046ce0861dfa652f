/** What the whole installation shares and every part may know; made from the configuration at start. */
export interface Settings {
  /** Word of labels, commands, checks and branches: `sluice`. */
  readonly prefix: string;
  /** Name of this installation, in the marker of every comment. */
  readonly instance: string;
  readonly appId: number;
  /** Bare verbs such as `/approve` are understood where a run is open. */
  readonly bareCommands: boolean;
  /** Where the workflows of a repository live: `.github/sluice`. */
  readonly folder: string;
  /** Where browsers reach this process; null: nowhere, so no links lead here. */
  readonly baseUrl: string | null;
  readonly protectedBranches: readonly string[];
  /** How long a gate waits that says nothing itself. */
  readonly gateExpireMs: number;
  /** After how long people are reminded of a gate, each time once. */
  readonly gateRemindersMs: readonly number[];
  /** How long an agent may be silent before people are shown that it is; null: it is never shown. */
  readonly quietAfterMs: number | null;
  /** Of this application, as reports show it. */
  readonly version: string;
}
