/** What the whole installation shares and every part may know; made from the configuration. */
export interface Settings {
  /** Prefix of labels, commands, checks and branches: `sluice`. */
  readonly prefix: string;
  /** Name of this installation, in the marker of every comment. */
  readonly instance: string;
  readonly appId: number;
  /** Bare verbs such as `/approve` are understood if a run is open. */
  readonly bareCommands: boolean;
  /** Where a repository's workflows are: `.github/sluice`. */
  readonly folder: string;
  /** Where browsers reach this process; null if nowhere, so no links lead here. */
  readonly baseUrl: string | null;
  readonly protectedBranches: readonly string[];
  /** How long a gate waits if it does not say so itself. */
  readonly gateExpireMs: number;
  /** How long before each reminder of a gate, each sent once. */
  readonly gateRemindersMs: readonly number[];
  /** How long an agent may be silent before people are shown that it is; null to never show it. */
  readonly quietAfterMs: number | null;
  /** Version of this application, as shown in reports. */
  readonly version: string;
}
