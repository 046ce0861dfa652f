import type { Dialect, Persona } from '../../plan/plan.ts';
import type { WorkflowDefinition } from '../native/syntax/definition.ts';
import type { Locations } from '../problems/positions.ts';
import type { Problem } from '../problems/problem.ts';

/** One file of a workflow folder, read as data. */
export interface Source {
  /** Path as shown in messages. */
  readonly path: string;
  /** Path inside the workflow folder. */
  readonly file: string;
  readonly data: unknown;
  readonly positions: Locations;
  /** What follows the front matter of a Markdown file. */
  readonly body: SourceBody | null;
  readonly folder: SourceFolder;
}

export interface SourceBody {
  readonly text: string;
  /** Line of the file its first line is on. */
  readonly line: number;
}

/** What a file finds around it. */
export interface SourceFolder {
  /** Prefix for paths in messages. */
  readonly prefix: string;
  readonly files: Readonly<Record<string, string>>;
  /** Files used where the folder has none of that name. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Personas a step may name; absent if not known here, so not checked. */
  readonly personas?: Readonly<Record<string, Persona>>;
}

export interface Reading {
  readonly definitions: readonly WorkflowDefinition[];
  readonly problems: readonly Problem[];
}

/** A language for workflow files. */
export interface DialectReader {
  readonly dialect: Dialect;
  /** By its shape alone: a file with mistakes is still a file of its dialect. */
  readonly recognises: (data: unknown) => boolean;
  readonly read: (source: Source) => Reading;
}
