import assert from 'node:assert/strict';
import { outcomeFor } from '../../engine/read/outcome-for.ts';
import { graphOf } from '../../engine/state/new-run.ts';
import { nodeAt } from '../../engine/state/node-at.ts';
import type { JsonObject } from '../../plan/json.ts';
import { writes } from '../../plan/kinds.ts';
import type { AutoNode, CommandSpec } from '../../plan/plan.ts';
import { plainLine } from '../../render/text/clean-text.ts';
import { factsOf, statusOf } from '../agent/answer-facts.ts';
import { answered, failed, failure, type StepAnswer, storedFor } from '../answer.ts';
import type { Attempt, Executed } from '../attempt.ts';
import { type Committed, commitRewind, commitStep, traceOf } from '../commit-step.ts';
import { type NodeTree, openNodeTree, treeUseOf } from '../node-tree.ts';
import { promptMaterial } from '../prompt-for.ts';
import { recoveryHint } from '../recovery-hint.ts';
import type { StepDeps } from '../step-deps.ts';
import type { CommandResult } from './commands.ts';
import { describeEnd } from './describe-end.ts';
import { failingLines } from './failing-lines.ts';
import { isAskedAbout } from './is-asked-about.ts';
import { lineFor } from './line-for.ts';
import { checkedResult, printedObject } from './printed-result.ts';

/** Runs a command in the worktree. Its output is the step's output, its exit the result. */
export async function executeRun(
  deps: StepDeps,
  attempt: Attempt,
  node: AutoNode,
  spec: CommandSpec,
): Promise<Executed> {
  const { input } = await promptMaterial(deps, attempt);
  const line = lineFor(node, spec, input);
  if (!line.ok) return failed(line.failure);
  const isWriter = writes(node);
  const tree = await openNodeTree(deps, attempt, treeUseOf(node));
  const result = await deps.commands.run({
    // A result is read from stdout, so only then are the two streams kept apart.
    line: node.result === null ? `exec 2>&1\n${line.line}` : line.line,
    cwd: tree.worktree.path,
    writes: isWriter,
    readonlyPaths: [tree.worktree.mirror],
    timeoutMs: Math.min(spec.timeoutMs, node.timeoutMs ?? Infinity),
    maxOutputBytes: spec.maxOutputBytes,
    signal: attempt.signal,
  });
  const ran = { node, line: deps.commands.mask(line.line), result, tree };
  if (result.endedBy !== 'exit') return stopped(deps, attempt, ran);
  return ended(deps, attempt, ran, isWriter);
}

interface Ran {
  readonly node: AutoNode;
  /** As people see it. */
  readonly line: string;
  readonly result: CommandResult;
  readonly tree: NodeTree;
}

function stopped(deps: StepDeps, attempt: Attempt, ran: Ran): Executed {
  const { result, line, node } = ran;
  const message = `\`${line}\` ${describeEnd(result)}.`;
  const why =
    result.endedBy === 'timeout'
      ? failure('timeout', 'timeout', `${message} ${recoveryHint(deps, attempt, 'command')}`)
      : result.endedBy === 'spawn-error'
        ? failure('configuration', 'spawn', message)
        : failure('execution', 'killed', message);
  return failed(why, { text: result.stdout, output: output(deps, attempt, node, ran, {}) });
}

async function ended(
  deps: StepDeps,
  attempt: Attempt,
  ran: Ran,
  isWriter: boolean,
): Promise<Executed> {
  const { node, result } = ran;
  const answer = answerOf(ran);
  if ('failure' in answer) {
    return failed(failure('validation', 'invalid-result', answer.failure), {
      text: result.stdout,
      output: output(deps, attempt, node, ran, {}),
    });
  }
  if (answer.outcome !== 'ok' && !isAnswer(attempt, node)) {
    return failed(failure('execution', 'exit-code', failureMessage(ran)), {
      text: answer.text,
      output: output(deps, attempt, node, ran, answer.data),
    });
  }
  const committed = await commit(deps, attempt, ran, isWriter && answer.outcome === 'ok');
  if (committed.type === 'refused') return failed(committed.failure, { text: answer.text });
  return answered(
    attempt,
    { name: node.output, at: deps.runs.now() },
    {
      ...answer,
      ...traceOf(committed),
      warnings: [...(answer.warnings ?? []), ...committed.warnings],
    },
  );
}

type RunAnswer = StepAnswer & { readonly data: JsonObject };

function answerOf(ran: Ran): RunAnswer | { readonly failure: string } {
  const { node, result } = ran;
  const own = { exit_code: result.exitCode, duration_ms: result.durationMs };
  const facts = { exitCode: result.exitCode ?? -1, headline: headlineOf(ran), text: textOf(ran) };
  if (node.result === null) return plainAnswer(facts, { ...own, truncated: result.truncated });
  const checked = checkedResult(node.result, printedObject(result.stdout));
  // A command that failed may not have got as far as printing its result.
  if (!checked.ok && result.exitCode !== 0) return plainAnswer(facts, own);
  if (!checked.ok) return { failure: `${checked.message} (\`${ran.line}\`)` };
  const data = { ...checked.data, ...own };
  const raw = statusOf(node.result, data);
  const said = raw === null ? undefined : outcomeFor(raw);
  if (raw !== null && said === undefined) return { failure: `${raw} is no known status.` };
  const plain = plainAnswer(facts, data);
  const found = factsOf(data);
  const fingerprint = found.fingerprint ?? plain.fingerprint ?? null;
  return {
    ...plain,
    ...found,
    fingerprint,
    outcome: said ?? plain.outcome ?? 'ok',
    statusRaw: raw,
  };
}

function plainAnswer(
  { exitCode, headline, text }: { exitCode: number; headline: string; text: string },
  data: JsonObject,
): RunAnswer {
  const outcome = exitCode === 0 ? 'ok' : 'revise';
  const fingerprint = exitCode === 0 ? null : failingLines(text);
  return { outcome, data, text, headline, fingerprint };
}

/** A failure that the workflow has a way on for, once the step's retries are used up. */
function isAnswer({ stored, node: key }: Attempt, node: AutoNode): boolean {
  const at = nodeAt(stored.plan, stored.run, key);
  assert(at !== null);
  if (at.state.retries < node.retries) return false;
  return isAskedAbout(graphOf(stored.plan, at.frame.graph), node);
}

async function commit(
  deps: StepDeps,
  attempt: Attempt,
  { tree, line }: Ran,
  keepsChanges: boolean,
): Promise<Committed> {
  if (!keepsChanges) return commitRewind(deps, attempt, tree);
  return commitStep(deps, attempt, tree, `chore: run ${plainLine(line, 60)}`);
}

function headlineOf({ line, result }: Ran): string {
  const name = plainLine(line, 60);
  if (result.exitCode === 0) return `${name} ${describeEnd(result).replace('ended', 'passed')}`;
  const last = result.stdout.trimEnd().split('\n').at(-1) ?? '';
  return plainLine(`${name} ${describeEnd(result)}: ${last}`, 120);
}

function failureMessage({ line, result }: Ran): string {
  const said = `${result.stdout}\n${result.stderr}`.trim();
  const tail = said === '' ? '' : `\n\n${said.slice(-2_000)}`;
  return `\`${line}\` ${describeEnd(result)}.${tail}`;
}

function textOf({ line, result }: Ran): string {
  const parts = [`\`${line}\` ${describeEnd(result)}.`, result.stdout, result.stderr];
  return parts.filter((part) => part.trim() !== '').join('\n\n');
}

function output(deps: StepDeps, attempt: Attempt, node: AutoNode, ran: Ran, data: JsonObject) {
  return storedFor(attempt, { name: node.output, at: deps.runs.now(), text: textOf(ran), data });
}
