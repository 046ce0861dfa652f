import type { z } from 'zod';
import { explainIssues } from '../../../native/parse/explain-issues.ts';
import type { DataPath, Locations } from '../../../problems/positions.ts';
import type { Problem, ProblemCode } from '../../../problems/problem.ts';
import { readYaml } from '../../../problems/read-yaml.ts';
import type { Source } from '../../dialect.ts';
import { problemAt, warningAt } from '../../report-problem.ts';

/** A file of the layer, under the name by which prompts include it. */
export interface LayerText {
  readonly key: string;
  readonly text: string;
}

/** A team with its own directory inside the layer; its path ends with `/`. */
export interface LayerTeam {
  readonly name: string;
  readonly folder: string;
}

/** Folder of the files used where a layer has none of its own. */
const SHIPPED = 'agentic-layer/';

/** One layer with its files, and what was found out about them. */
export class LayerContext {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly source: Source;
  /** Folder of the layer inside the workflow folder. */
  readonly root: string;
  /** The team it is read for; null for nobody in particular. */
  readonly team: LayerTeam | null;
  readonly #found = new Set<string>();

  constructor(source: Source, team: LayerTeam | null = null) {
    this.source = source;
    this.team = team;
    this.root = source.file.startsWith(SHIPPED) ? SHIPPED : '';
  }

  problem(
    at: DataPath,
    code: ProblemCode,
    message: string,
    suggestion: string | null = null,
  ): void {
    const { path, positions } = this.source;
    this.problems.push(problemAt(path, positions.ofValue(at), code, message, suggestion));
  }

  keyProblem(
    at: DataPath,
    code: ProblemCode,
    message: string,
    suggestion: string | null = null,
  ): void {
    const { path, positions } = this.source;
    this.problems.push(problemAt(path, positions.ofKey(at), code, message, suggestion));
  }

  warn(at: DataPath, message: string): void {
    const { path, positions } = this.source;
    this.warnings.push(warningAt(path, positions.ofKey(at), 'conflict', message));
  }

  /** The layer's own file, else the one that comes with the application. */
  find(name: string): LayerText | null {
    const { files, defaults } = this.source.folder;
    const own = this.root + name;
    const shipped = SHIPPED + name;
    if (Object.hasOwn(files, own)) return this.#take(own, files);
    return Object.hasOwn(defaults, shipped) ? this.#take(shipped, defaults) : null;
  }

  /** The team's file of that name, else the layer's. */
  findPrompt(name: string): LayerText | null {
    const { files } = this.source.folder;
    const own = `${this.root}${this.team?.folder ?? ''}${name}`;
    return Object.hasOwn(files, own) ? this.#take(own, files) : this.find(name);
  }

  #take(key: string, files: Readonly<Record<string, string>>): LayerText {
    this.#found.add(key);
    return { key, text: files[key] ?? '' };
  }

  /** Adds what was found out for a team and is not known yet. */
  take({ problems, warnings, parts }: LayerContext): void {
    this.problems.push(...newOnes(problems, this.problems));
    this.warnings.push(...newOnes(warnings, this.warnings));
    for (const part of parts) this.#found.add(part);
  }

  /** Names of all files found to be part of the layer. */
  get parts(): readonly string[] {
    return [...this.#found];
  }

  /** Names below a folder of the layer, its own and those that come with the application. */
  names(folder: string): readonly string[] {
    const { files, defaults } = this.source.folder;
    const below = (all: object, root: string): readonly string[] =>
      Object.keys(all)
        .filter((file) => file.startsWith(root + folder))
        .map((file) => file.slice(root.length));
    return [...new Set([...below(files, this.root), ...below(defaults, SHIPPED)])].toSorted();
  }

  /** Files of the layer itself below a folder. */
  own(folder: string): readonly LayerText[] {
    const { files } = this.source.folder;
    return Object.keys(files)
      .filter((file) => file.startsWith(this.root + folder) && file.endsWith('.md'))
      .toSorted()
      .map((key) => ({ key, text: files[key] ?? '' }));
  }

  /** Reads one of the layer's YAML files; null if it is not sound, which is reported. */
  readData<Value>(file: LayerText, schema: z.ZodType<Value>, noun: string): DataFile<Value> | null {
    const yaml = readYaml(file.text, file.key);
    if (!yaml.ok) {
      this.problems.push(...yaml.problems);
      return null;
    }
    const { data, positions } = yaml;
    return this.parse({ data, positions, path: file.key }, schema, noun);
  }

  parse<Value>(
    { data, positions, path }: { data: unknown; positions: Locations; path: string },
    schema: z.ZodType<Value>,
    noun: string,
  ): DataFile<Value> | null {
    const parsed = schema.safeParse(data);
    if (parsed.success) return { value: parsed.data, positions, path };
    const issues = { path, noun, schema, data, positions, foreignKeys: {} };
    this.problems.push(...explainIssues(parsed.error.issues, issues));
    return null;
  }
}

function newOnes(problems: readonly Problem[], known: readonly Problem[]): readonly Problem[] {
  const told = new Set(known.map((problem) => JSON.stringify(problem)));
  return problems.filter((problem) => !told.has(JSON.stringify(problem)));
}

/** Data with the place it was read from. */
export interface DataFile<Value> {
  readonly value: Value;
  readonly positions: Locations;
  readonly path: string;
}
