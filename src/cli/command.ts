import type { ExitCode, Io } from './io.ts';

export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly help: string;
  /** What stands for the value in the help; only for texts. */
  readonly value?: string;
}

export interface CliArguments {
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

/** One command of the program: adding one means adding one of these. */
export interface CliCommand {
  readonly usage: string;
  readonly summary: string;
  readonly details: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly words: { readonly min: number; readonly max: number };
  readonly run: (given: CliArguments, io: Io) => Promise<ExitCode> | ExitCode;
}

export const JSON_OPTION: OptionSpec = { type: 'boolean', help: 'Write JSON for scripts.' };
export const PATH_OPTION: OptionSpec = {
  type: 'string',
  value: 'folder',
  help: 'Repository to look into; the present folder by default.',
};
