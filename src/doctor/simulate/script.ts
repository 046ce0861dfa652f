import { z } from 'zod';
import { explainIssues } from '../../language/native/parse/explain-issues.ts';
import { type Problem, sortProblems } from '../../language/problems/problem.ts';
import { readYaml } from '../../language/problems/read-yaml.ts';
import { OUTCOMES } from '../../plan/condition.ts';

const Answer = z.union([
  z.enum([...OUTCOMES, 'fail']),
  z.strictObject({
    outcome: z.enum(OUTCOMES).optional(),
    /** One of the ten statuses; decides the outcome. */
    status: z.string().optional(),
    data: z.json().optional(),
    text: z.string().optional(),
    items: z.array(z.json()).optional(),
    asks: z.boolean().optional(),
    unsure: z.boolean().optional(),
  }),
  z.strictObject({ fail: z.string() }),
]);
export type ScriptAnswer = z.infer<typeof Answer>;

const VERDICTS = ['approve', 'deny', 'edit', 'retry', 'override', 'expire'] as const;

const Decision = z.union([
  z.enum([...VERDICTS, 'revise', 'guide', 'answer']),
  z.strictObject({ revise: z.string() }),
  z.strictObject({ guide: z.string() }),
  z.strictObject({ answer: z.string() }),
  z.strictObject({ deny: z.string() }),
]);
export type ScriptDecision = z.infer<typeof Decision>;

/** What steps answer and people decide, each in order. */
export const Script = z.strictObject({
  params: z.record(z.string(), z.json()).default({}),
  steps: z.record(z.string(), z.array(Answer)).default({}),
  gates: z.record(z.string(), z.array(Decision)).default({}),
});
export type Script = z.infer<typeof Script>;

export type ScriptResult =
  | { readonly ok: true; readonly script: Script }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a decision script, or says everything that is wrong with it. */
export function parseScript(text: string, path: string): ScriptResult {
  const yaml = readYaml(text, path);
  if (!yaml.ok) return { ok: false, problems: sortProblems(yaml.problems) };
  const parsed = Script.safeParse(yaml.data);
  if (parsed.success) return { ok: true, script: parsed.data };
  const source = { path, noun: 'script', schema: Script, ...yaml, foreignKeys: {} };
  return { ok: false, problems: sortProblems(explainIssues(parsed.error.issues, source)) };
}

/** A decision in map form: the word, and what is said with it. */
export function wordsOf(decision: ScriptDecision): {
  readonly verdict: string;
  readonly text: string | null;
} {
  if (typeof decision === 'string') return { verdict: decision, text: null };
  const [entry] = Object.entries(decision);
  return { verdict: entry?.[0] ?? 'approve', text: entry?.[1] ?? null };
}
