import { setTimeout as sleep } from 'node:timers/promises';
import { outcomeFor } from '../../engine/read/outcome-for.ts';
import type { Failure } from '../../engine/state/event.ts';
import { GitHubError } from '../../github/github-error.ts';
import { CALLABLES, type CallableArgument } from '../../plan/callables.ts';
import type { Json, JsonObject } from '../../plan/json.ts';
import type { AutoNode, CallableSpec } from '../../plan/plan.ts';
import { plainLine } from '../../render/text/clean-text.ts';
import { factsOf, statusOf } from '../agent/answer-facts.ts';
import { answered, failed, failure, wholeText } from '../answer.ts';
import type { Attempt, Executed } from '../attempt.ts';
import { Arguments, CallableError } from '../callables/callable.ts';
import { FUNCTIONS } from '../callables/registry.ts';
import { openNodeTree } from '../node-tree.ts';
import { valueFinder } from '../outputs/find-value.ts';
import { recoveryHint } from '../recovery-hint.ts';
import type { StepDeps } from '../step-deps.ts';
import { checkedResult } from './printed-result.ts';

/** Calls one of our own functions. On a time-out it is called once more, on an error never. */
export async function executeCallable(
  deps: StepDeps,
  attempt: Attempt,
  node: AutoNode,
  spec: CallableSpec,
): Promise<Executed> {
  const args = await argumentsFor(deps, attempt, spec);
  if ('class' in args) return failed(args);
  const called = await call(deps, attempt, spec, args);
  if ('failure' in called) return failed(called.failure);
  const { data } = called;
  const checked = node.result === null ? null : checkedResult(node.result, data);
  if (checked?.ok === false) {
    return failed(failure('configuration', 'invalid-result', `${spec.name}: ${checked.message}`));
  }
  const raw = statusOf(node.result, data);
  return answered(
    attempt,
    { name: node.output, at: deps.runs.now() },
    {
      ...factsOf(data),
      outcome: raw === null ? 'ok' : (outcomeFor(raw) ?? 'ok'),
      statusRaw: raw,
      data,
      text: wholeText('', data),
      headline: plainLine(`${spec.name}: ${headlineOf(data)}`, 120),
    },
  );
}

async function argumentsFor(
  deps: StepDeps,
  attempt: Attempt,
  spec: CallableSpec,
): Promise<Arguments | Failure> {
  const declared = CALLABLES[spec.name];
  if (declared === undefined || FUNCTIONS[spec.name] === undefined) {
    return misused(`There is no function \`${spec.name}\`.`);
  }
  const mapped = await mappedValues(deps, attempt, spec);
  const values = { ...spec.kwargs, ...mapped };
  for (const [name, value] of Object.entries(values)) {
    const argument = declared.args[name];
    if (argument === undefined) return misused(`\`${spec.name}\` has no argument \`${name}\`.`);
    if (!fits(argument, value)) {
      return misused(`The argument \`${name}\` of \`${spec.name}\` has to be a ${argument.type}.`);
    }
  }
  const missing = Object.entries(declared.args).find(
    ([name, argument]) => argument.required && values[name] === undefined,
  );
  if (missing !== undefined)
    return misused(`\`${spec.name}\` needs the argument \`${missing[0]}\`.`);
  return new Arguments(values);
}

/** What resolves to nothing is left out, as if it had not been named. */
async function mappedValues(
  deps: StepDeps,
  attempt: Attempt,
  { inputMap }: CallableSpec,
): Promise<Record<string, Json>> {
  if (Object.keys(inputMap).length === 0) return {};
  const find = await valueFinder(deps, attempt);
  const found = Object.entries(inputMap).flatMap(([name, path]) => {
    const value = find(path);
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function fits({ type }: CallableArgument, value: Json): boolean {
  if (type === 'texts')
    return Array.isArray(value) && value.every((one) => typeof one === 'string');
  return typeof value === (type === 'number' ? 'number' : 'string');
}

type Called = { readonly data: JsonObject } | { readonly failure: Failure };

async function call(
  deps: StepDeps,
  attempt: Attempt,
  spec: CallableSpec,
  args: Arguments,
): Promise<Called> {
  const over = new AbortController();
  const signal = AbortSignal.any([attempt.signal, over.signal]);
  const context = {
    deps,
    attempt: { ...attempt, signal },
    octokit: () => deps.github.installation(attempt.stored.context.installationId),
    tree: () => openNodeTree(deps, { ...attempt, signal }, 'objects'),
    signal,
  };
  const work = answerOf(spec, () => FUNCTIONS[spec.name]?.(context, args));
  const clock = new AbortController();
  const late = sleep(spec.timeoutMs, undefined, { signal: clock.signal }).then(
    (): Called => ({ failure: timedOut(deps, attempt, spec) }),
    // The clock was stopped: the work is done.
    () => work,
  );
  const first = await Promise.race([work, late]);
  over.abort();
  clock.abort();
  return first;
}

async function answerOf(
  spec: CallableSpec,
  ask: () => Promise<JsonObject> | undefined,
): Promise<Called> {
  try {
    const data = await ask();
    return data === undefined ? crashed(spec, 'it gave nothing') : { data: bounded(data) };
  } catch (error) {
    return { failure: failureOf(spec, error) };
  }
}

function timedOut(deps: StepDeps, attempt: Attempt, spec: CallableSpec): Failure {
  const { name, timeoutMs } = spec;
  const message = `\`${name}\` did not answer within ${timeoutMs / 1000} seconds. ${recoveryHint(deps, attempt, 'function')}`;
  return failure('timeout', 'timeout', message);
}

const PASSING: ReadonlySet<string> = new Set(['rate-limited', 'server', 'network', 'timeout']);

/** What GitHub may answer later is asked again after a pause; a crash would only crash again. */
function failureOf({ name }: CallableSpec, error: unknown): Failure {
  if (error instanceof CallableError) return misused(`\`${name}\`: ${error.message}`);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof GitHubError && PASSING.has(error.code)) {
    return failure('transient', error.code, message, error.retryAfterMs ?? null);
  }
  return failure('configuration', 'crashed', `\`${name}\` failed: ${message}`);
}

function crashed({ name }: CallableSpec, why: string): Called {
  return { failure: failure('configuration', 'crashed', `\`${name}\` failed: ${why}.`) };
}

function misused(message: string): Failure {
  return failure('configuration', 'callable-refused', message);
}

const MAX_DATA = 2_000_000;

/** Plain JSON, whatever the function put together. */
function bounded(data: JsonObject): JsonObject {
  const json = JSON.stringify(data);
  if (json.length > MAX_DATA) {
    throw new CallableError(`the result has ${json.length} characters; ask for less.`);
  }
  return JSON.parse(json);
}

function headlineOf(data: JsonObject): string {
  const facts = Object.entries(data).flatMap(([name, value]) =>
    typeof value === 'number' || typeof value === 'boolean' ? [`${name} ${String(value)}`] : [],
  );
  return facts.length === 0 ? `${Object.keys(data).length} fields` : facts.join(', ');
}
