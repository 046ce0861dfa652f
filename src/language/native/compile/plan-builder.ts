import type { Graph, Persona, PlanNode, PlanSource } from '../../../plan/plan.ts';
import { didYouMean, nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import type { Problem, ProblemCode } from '../../problems/problem.ts';
import type { CallSpec } from '../schema/work.ts';
import type { WorkflowDefinition } from '../syntax/definition.ts';
import { outputsInSight } from '../syntax/outputs-in-sight.ts';
import { PersonaShelf } from '../syntax/persona-shelf.ts';
import { linksOf, stepsBefore } from '../syntax/step-links.ts';
import { innerScope, type PlacedStep, rootScope, stepKindOf } from '../syntax/step-scope.ts';
import { amend } from './amend-definition.ts';
import { compileApproval } from './compile-approval.ts';
import { callProblems, defaultParams } from './compile-call.ts';
import { compileEdges, compileLoops } from './compile-edges.ts';
import { compileItems } from './compile-items.ts';
import type { CompileScope } from './compile-scope.ts';
import {
  compileAgentStep,
  compileAutoStep,
  compileCommon,
  compileGateStep,
} from './compile-step.ts';

export interface CompileRequest {
  /** Finds another workflow by name, for `call` and `foreach`. */
  readonly resolve: (name: string) => WorkflowDefinition | undefined;
  /** Names for "did you mean"; absent if none are to be suggested. */
  readonly workflowNames?: readonly string[];
  readonly personas: Readonly<Record<string, Persona>>;
  readonly source: PlanSource;
}

const MAX_CALL_DEPTH = 5;
const MAX_NODES = 2000;
const MAIN = 'main';

/** Collects the graphs, personas and files of a plan while definitions are walked. */
export class PlanBuilder {
  readonly graphs = new Map<string, Graph>();
  readonly files = new Map<string, string>();
  readonly problems: Problem[] = [];
  readonly #request: CompileRequest;
  readonly #shelf: PersonaShelf;
  #calls: readonly string[] = [];
  #nodes = 0;

  constructor(request: CompileRequest) {
    this.#request = request;
    this.#shelf = new PersonaShelf(request.personas);
  }

  get personas(): Readonly<Record<string, Persona>> {
    return this.#shelf.taken();
  }

  addMain(definition: WorkflowDefinition): string {
    this.#calls = [definition.spec.name];
    this.#addDefinition(definition, MAIN, null);
    this.#checkFallback(definition);
    return MAIN;
  }

  /** A missing fallback would be noticed only when everything else has failed. */
  #checkFallback(definition: WorkflowDefinition): void {
    const name = definition.spec.escalation?.workflow;
    if (name === undefined || this.#request.resolve(name) !== undefined) return;
    const meant = nearest(name, this.#request.workflowNames ?? []);
    const message = `there is no workflow \`${name}\`.`;
    this.#report({ definition }, ['escalation', 'workflow'], 'unknown-workflow', message, meant);
  }

  #addDefinition(definition: WorkflowDefinition, graph: string, folder: string | null): void {
    for (const [path, text] of Object.entries(definition.files)) {
      this.files.set(folder === null ? path : `${folder}:${path}`, text);
    }
    const { spec } = definition;
    const steps = spec.steps.map((step, index) => ({ step, path: ['steps', index] }));
    const scope = rootScope(steps, spec.loops);
    this.#addGraph({ definition, scope, graph, folder }, spec.max_parallel ?? null);
  }

  #addGraph(part: Omit<CompileScope, 'links' | 'params'>, maxParallel: number | null): void {
    const links = linksOf(part.scope);
    const params = Object.keys(part.definition.spec.params);
    const compile: CompileScope = { ...part, links, params };
    this.#nodes += part.scope.steps.length;
    this.graphs.set(part.graph, {
      id: part.graph,
      mode: 'graph',
      nodes: part.scope.steps.flatMap((placed) =>
        this.#node(placed, compile).map((node) => amend(node, part.definition)),
      ),
      edges: compileEdges(compile),
      loops: compileLoops(compile),
      returns: null,
      maxParallel,
    });
  }

  #node(placed: PlacedStep, compile: CompileScope): readonly PlanNode[] {
    const { step } = placed;
    switch (stepKindOf(step)) {
      case 'agent':
        return this.#agent(placed, compile);
      case 'run':
      case 'auto_run':
      case 'commit':
        return [compileAutoStep(placed, compile)];
      case 'gate':
        return step.gate === undefined ? [] : [compileGateStep(placed, step.gate, compile)];
      case 'approval':
        return approval(placed, compile);
      case 'call':
        return this.#call(placed, compile);
      case 'group':
        return this.#group(placed, compile);
      case 'foreach':
        return this.#foreach(placed, compile);
      case 'noop':
        return [{ ...compileCommon(placed, compile), kind: 'noop' }];
      case null:
        return [];
    }
  }

  #agent(placed: PlacedStep, compile: CompileScope): readonly PlanNode[] {
    const name = placed.step.agent ?? '';
    const { definition } = compile;
    const found = this.#shelf.take(name, definition);
    if (found !== null) return [compileAgentStep(placed, found, compile)];
    const suggestion = nearest(name, this.#shelf.namesFor(definition));
    const message = `there is no persona \`${name}\`.`;
    this.#report(compile, [...placed.path, 'agent'], 'unknown-persona', message, suggestion);
    return [];
  }

  #call(placed: PlacedStep, compile: CompileScope): readonly PlanNode[] {
    const spec = placed.step.call;
    if (spec === undefined) return [];
    const callee = this.#callee(spec.workflow, [...placed.path, 'call', 'workflow'], compile);
    if (callee === undefined) return [];
    for (const { at, code, message, suggestion } of callProblems(spec, callee, placed.path)) {
      this.#report(compile, at, code, message, suggestion);
    }
    const params = { ...defaultParams(callee), ...spec.params };
    const graph = this.#calleeGraph(callee, spec.returns, `${compile.graph}/${placed.step.id}`);
    return [{ ...compileCommon(placed, compile), kind: 'call', graph, params }];
  }

  #callee(name: string, at: DataPath, compile: CompileScope): WorkflowDefinition | undefined {
    const callee = this.#request.resolve(name);
    const add = (code: ProblemCode, message: string, suggestion: string | null = null): undefined =>
      this.#report(compile, at, code, message, suggestion);
    if (callee === undefined) {
      const names = this.#request.workflowNames ?? [];
      return add('unknown-workflow', `there is no workflow \`${name}\`.`, nearest(name, names));
    }
    if (this.#calls.includes(name)) {
      const chain = [...this.#calls.slice(this.#calls.indexOf(name)), name]
        .map((call) => `\`${call}\``)
        .join(' → ');
      return add('cycle', `these workflows call each other: ${chain}.`);
    }
    if (this.#calls.length > MAX_CALL_DEPTH) {
      return add('conflict', `workflows call each other more than ${MAX_CALL_DEPTH} levels deep.`);
    }
    if (this.#nodes > MAX_NODES) {
      return add('conflict', `the workflow has more than ${MAX_NODES} steps with all it calls.`);
    }
    return callee;
  }

  /** A called workflow is compiled once; a call that renames results gets a copy of its graph. */
  #calleeGraph(callee: WorkflowDefinition, returns: CallSpec['returns'], ownKey: string): string {
    const { name } = callee.spec;
    const key = `workflow:${name}`;
    if (!this.graphs.has(key)) {
      const outer = this.#calls;
      this.#calls = [...outer, name];
      this.#addDefinition(callee, key, name);
      this.#calls = outer;
    }
    const graph = this.graphs.get(key);
    if (returns === undefined || graph === undefined) return key;
    this.graphs.set(ownKey, { ...graph, id: ownKey, returns });
    return ownKey;
  }

  #group(placed: PlacedStep, compile: CompileScope): readonly PlanNode[] {
    const spec = placed.step.group;
    if (spec === undefined) return [];
    return [
      {
        ...compileCommon(placed, compile),
        kind: 'group',
        graph: this.#inner(placed, compile, spec.max_parallel ?? null),
        maxParallel: spec.max_parallel ?? null,
        completeWhen: spec.complete_when,
        onMemberFailure: spec.on_member_failure,
      },
    ];
  }

  #foreach(placed: PlacedStep, compile: CompileScope): readonly PlanNode[] {
    const spec = placed.step.foreach;
    if (spec === undefined) return [];
    const graph =
      spec.workflow === undefined
        ? this.#inner(placed, compile, null)
        : this.#memberGraph(spec.workflow, placed, compile);
    return [
      {
        ...compileCommon(placed, compile),
        kind: 'foreach',
        graph,
        items: compileItems(spec.items),
        as: spec.as,
        maxParallel: spec.max_parallel ?? 1,
        completeWhen: spec.complete_when,
        onMemberFailure: spec.on_member_failure,
        memberRetries: spec.member_retries,
      },
    ];
  }

  #memberGraph(name: string, placed: PlacedStep, compile: CompileScope): string {
    const callee = this.#callee(name, [...placed.path, 'foreach', 'workflow'], compile);
    return callee === undefined ? '' : this.#calleeGraph(callee, undefined, '');
  }

  #inner(placed: PlacedStep, compile: CompileScope, maxParallel: number | null): string {
    const graph = `${compile.graph}/${placed.step.id}`;
    const visible = outputsInSight(placed.step, compile.scope, compile.links);
    const scope = innerScope(
      placed,
      compile.scope,
      visible,
      stepsBefore(placed.step.id, compile.links),
    );
    const { definition, folder } = compile;
    if (scope !== null) this.#addGraph({ definition, scope, graph, folder }, maxParallel);
    return graph;
  }

  #report(
    { definition }: Pick<CompileScope, 'definition'>,
    at: DataPath,
    code: ProblemCode,
    message: string,
    suggestion: string | null = null,
  ): undefined {
    this.problems.push({
      path: definition.path,
      ...definition.positions.ofValue(at),
      code,
      message: message + didYouMean(suggestion),
      ...(suggestion === null ? {} : { suggestion }),
    });
  }
}

function approval(placed: PlacedStep, compile: CompileScope): readonly PlanNode[] {
  const subject = placed.step.approval?.of ?? placed.step.depends_on[0] ?? placed.step.id;
  const policy = compileApproval(placed.step, subject);
  if (policy === null) return [];
  // An approval of a foreach item has no earlier step to send it back to unless one is named.
  const revise = policy.revise?.to === placed.step.id ? null : policy.revise;
  const common = compileCommon(placed, compile);
  return [{ ...common, kind: 'approval', approval: { ...policy, revise }, subject }];
}
