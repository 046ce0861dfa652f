import { type Problem, sortProblems } from '../../problems/problem.ts';
import { readYaml } from '../../problems/read-yaml.ts';
import { RepositoryConfig } from '../schema/repository-config.ts';
import { explainIssues } from './explain-issues.ts';

/** File of the workflow folder that holds it. */
export const CONFIG_FILE = 'config.yml';

export type RepositoryConfigResult =
  | { readonly ok: true; readonly commands: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the repository's own settings, or says everything that is wrong with them. */
export function parseRepositoryConfig(text: string, path: string): RepositoryConfigResult {
  const yaml = readYaml(text, path);
  if (!yaml.ok) return { ok: false, problems: sortProblems(yaml.problems) };
  const parsed = RepositoryConfig.safeParse(yaml.data);
  if (parsed.success) {
    const commands = Object.entries(parsed.data.commands).flatMap(([name, line]) =>
      line === undefined ? [] : [[name, line] as const],
    );
    return { ok: true, commands: Object.fromEntries(commands) };
  }
  const source = { path, noun: 'config', schema: RepositoryConfig, ...yaml, foreignKeys: {} };
  return { ok: false, problems: sortProblems(explainIssues(parsed.error.issues, source)) };
}
