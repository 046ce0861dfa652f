import type { Dialect, Persona } from '../../plan/plan.ts';
import type { WorkflowDefinition } from '../native/syntax/definition.ts';
import type { Locations } from '../problems/positions.ts';
import type { Problem } from '../problems/problem.ts';

/** One file of a workflow folder, read as data. */
export interface Source {
  /** As messages call it. */
  readonly path: string;
  /** Inside the workflow folder. */
  readonly file: string;
  readonly data: unknown;
  readonly positions: Locations;
  /** What follows the front matter of a Markdown file. */
  readonly body: SourceBody | null;
  readonly folder: SourceFolder;
}

export interface SourceBody {
  readonly text: string;
  /** Line of the file its first line stands on. */
  readonly line: number;
}

/** What a file finds around it. */
export interface SourceFolder {
  /** In front of paths in messages. */
  readonly prefix: string;
  readonly files: Readonly<Record<string, string>>;
  /** Files that count where the folder has none of that name. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Personas a step may name; left out: not known here, so not checked. */
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
