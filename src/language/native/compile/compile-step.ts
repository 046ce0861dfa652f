import type { JsonObject } from '../../../plan/json.ts';
import type {
  AgentNode,
  AutoNode,
  CheckCommand,
  CommandSpec,
  Criterion,
  GateNode,
  NodeCommon,
  Persona,
} from '../../../plan/plan.ts';
import type { Step } from '../schema/step.ts';
import type { GateSpec, RunSpec } from '../schema/work.ts';
import { outputNameOf, type PlacedStep, type StepKind, stepKindOf } from '../syntax/step-scope.ts';
import { compileApproval, compileConsent } from './compile-approval.ts';
import { conditionBefore } from './compile-edges.ts';
import { compileStepBudget, defaultRetries } from './compile-policies.ts';
import { compileResult } from './compile-result.ts';
import type { CompileScope } from './compile-scope.ts';

const COMMAND_TIMEOUT = 10 * 60_000;
const CALLABLE_TIMEOUT = 30_000;

/** What every kind of node has. */
export function compileCommon({ step, path }: PlacedStep, compile: CompileScope): NodeCommon {
  const kind = stepKindOf(step);
  const { definition } = compile;
  const hasDefaultRoute = step.routes?.some((route) => route.default === true) ?? true;
  return {
    id: step.id,
    title: step.title ?? null,
    join: step.join,
    disposition: step.optional ? 'optional' : step.checkpoint ? 'checkpoint' : 'required',
    workspace: workspaceOf(step, kind),
    when: step.when === undefined ? null : conditionBefore(step.when, step, compile),
    approval: kind === 'approval' ? null : compileApproval(step, step.id),
    consent: compileConsent(step),
    retries: step.retries ?? (isWork(kind) ? defaultRetries(definition.spec) : 0),
    timeoutMs: step.timeout ?? null,
    output: outputNameOf(step),
    inputs: step.inputs ?? null,
    requiredInputs: step.required_inputs,
    requires: step.requires,
    finally: step.finally,
    once: step.once,
    stopPoint: step.stop && !asksByName(step),
    risky: step.risky,
    ...(step.open_items === 'hold' ? { openItems: 'hold' } : {}),
    ...(step.uncommitted === true ? { uncommitted: true } : {}),
    ...(hasDefaultRoute ? {} : { mustRoute: true }),
    budget: compileStepBudget(step),
    line: definition.positions.ofValue([...path, 'id']).line,
  };
}

/** What is asked for by name, or of certain people, is asked in an autonomous run as well. */
function asksByName({ requires_approval, approval }: Step): boolean {
  const isOfSome = approval?.approvers !== undefined || (approval?.count ?? 1) > 1;
  return requires_approval || isOfSome;
}

function isWork(kind: StepKind | null): boolean {
  return kind === 'agent' || kind === 'run' || kind === 'auto_run';
}

const WORKSPACES: Readonly<Record<StepKind, NodeCommon['workspace']>> = {
  agent: 'read',
  // What a command does to the tree is not known, so it has the tree to itself.
  run: 'write',
  auto_run: 'read',
  commit: 'write',
  gate: 'none',
  approval: 'none',
  call: 'none',
  group: 'none',
  foreach: 'none',
  noop: 'none',
};

function workspaceOf(step: Step, kind: StepKind | null): NodeCommon['workspace'] {
  return step.workspace ?? (kind === null ? 'none' : WORKSPACES[kind]);
}

export function compileAgentStep(
  placed: PlacedStep,
  persona: { readonly key: string; readonly persona: Persona },
  compile: CompileScope,
): AgentNode {
  const { step } = placed;
  const { spec, files } = compile.definition;
  const access = step.access ?? persona.persona.access ?? 'readonly';
  const common = compileCommon(placed, compile);
  return {
    ...common,
    kind: 'agent',
    workspace: step.workspace ?? (access === 'edit' || access === 'full' ? 'write' : 'read'),
    persona: persona.key,
    prompt: step.prompt ?? files[step.prompt_file ?? ''] ?? '',
    model: step.model ?? persona.persona.model,
    effort: step.effort ?? null,
    agent: step.program ?? null,
    access,
    session: step.session,
    execution: step.execution ?? spec.execution,
    result: compileResult(step),
    checks: step.checks.map(
      (check): CheckCommand => ({
        name: check.name,
        command: commandOf(check.run),
        max: check.max,
      }),
    ),
    handoffs: step.handoffs.map((handoff) => ({ ...handoff, to: handoff.to ?? null })),
    report: step.report,
    visibility: step.visibility ?? { mode: 'full', include: [], exclude: [] },
    cache: step.cache,
    meta: metaOf(step, compile.folder),
  };
}

function metaOf(step: Step, folder: string | null): JsonObject {
  return {
    ...(folder === null ? {} : { folder }),
    ...(step.questions === undefined ? {} : { questions: step.questions }),
    ...(step.allow_override === undefined ? {} : { allow_override: step.allow_override }),
  };
}

export function compileAutoStep(placed: PlacedStep, compile: CompileScope): AutoNode {
  const { step } = placed;
  const { auto_run: call } = step;
  return {
    ...compileCommon(placed, compile),
    kind: 'auto',
    run: step.run === undefined ? null : commandOf(step.run, step.timeout),
    callable:
      call === undefined
        ? null
        : {
            name: call.callable,
            kwargs: call.kwargs,
            inputMap: call.input_map,
            timeoutMs: call.timeout ?? step.timeout ?? CALLABLE_TIMEOUT,
          },
    result: compileResult(step),
    ...(step.commit === undefined ? {} : { commit: step.commit }),
  };
}

function commandOf(run: RunSpec, timeout?: number): CommandSpec {
  const spec =
    typeof run === 'string' ? { line: run, max_output_bytes: 1_000_000, allow: [], deny: [] } : run;
  return {
    line: spec.line,
    timeoutMs: ('timeout' in spec ? spec.timeout : undefined) ?? timeout ?? COMMAND_TIMEOUT,
    maxOutputBytes: spec.max_output_bytes,
    allow: spec.allow,
    deny: spec.deny,
  };
}

export function compileGateStep(
  placed: PlacedStep,
  spec: GateSpec,
  compile: CompileScope,
): GateNode {
  return {
    ...compileCommon(placed, compile),
    kind: 'gate',
    subject: spec.of,
    criteria: Object.entries(spec.criteria).flatMap(([path, value]) => criteriaOf(path, value)),
    severity: spec.severity,
  };
}

const OPERATORS = ['equals', 'min', 'max', 'exists', 'contains', 'any_of', 'all_of'] as const;

function criteriaOf(path: string, value: GateSpec['criteria'][string]): readonly Criterion[] {
  if (typeof value !== 'object') return [{ path, op: 'equals', value }];
  return OPERATORS.flatMap((op) => {
    const wanted = value[op];
    return wanted === undefined ? [] : [{ path, op, value: wanted }];
  });
}
