import type { WorkflowDefinition } from '../language/native/syntax/definition.ts';
import { producersOf } from '../language/native/syntax/step-links.ts';
import type { DeepRule, Diagnosis, Severity } from '../language/problems/diagnosis.ts';
import { didYouMean } from '../language/problems/nearest.ts';
import type { DataPath } from '../language/problems/positions.ts';
import type { Graph, Plan, PlanNode } from '../plan/plan.ts';
import type { OutputSource } from './sources.ts';
import { type PlacedScope, scopesIn } from './step-places.ts';
import type { Survey } from './survey.ts';
import { survey } from './survey-parts.ts';
import { type Need, needsOf } from './template-needs.ts';
import { ANYTHING, type ValueRange } from './value-range.ts';

/** One graph under examination, and where findings are recorded. */
export interface Chart extends PlacedScope {
  readonly definition: WorkflowDefinition;
  readonly plan: Plan;
  readonly nodes: ReadonlyMap<string, PlanNode>;
  readonly drawn: Graph;
  /** What parameters can be. */
  readonly params: ReadonlyMap<string, ValueRange>;
  readonly survey: Survey;
  /** Step → what its templates cannot do without. */
  readonly needs: ReadonlyMap<string, readonly Need[]>;
  readonly diagnoses: Diagnosis[];
}

export interface DoctorFinding {
  readonly rule: DeepRule | 'missing-file';
  readonly severity: Severity;
  readonly at: DataPath;
  readonly key?: boolean;
  readonly message: string;
  readonly suggestion?: string | null;
}

const MAX_EFFORT = 6_000_000;

/** A chart for each list of steps of the file; what it calls is examined on its own. */
export function chartsOf(
  definition: WorkflowDefinition,
  plan: Plan,
  diagnoses: Diagnosis[],
): readonly Chart[] {
  const params = paramRanges(plan);
  const effort = { left: MAX_EFFORT };
  return scopesIn(definition).flatMap((placed) => {
    const graph = plan.graphs[placed.graph];
    if (graph === undefined) return [];
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    const needs = new Map(
      placed.scope.steps.map((step) => [step.step.id, needsOf(step, definition)]),
    );
    const surveyed = survey({ graph, params, effort, reads: readsOf(placed, needs) });
    const rest = { definition, plan, params, needs, diagnoses };
    return [{ ...placed, ...rest, nodes, drawn: graph, survey: surveyed }];
  });
}

/** Step → outputs of the same list of steps that it reads, each with the steps that make it. */
function readsOf(
  { scope }: PlacedScope,
  needs: ReadonlyMap<string, readonly Need[]>,
): ReadonlyMap<string, readonly OutputSource[]> {
  const makers = producersOf(scope);
  return new Map(
    [...needs].map(([id, all]) => {
      const names = new Set(all.map(({ path: [first = ''] }) => first));
      const read = [...names].map((name) => ({ name, makers: makers.get(name) ?? [] }));
      return [id, read.filter((source) => source.makers.length > 0)];
    }),
  );
}

export function note(chart: Chart, finding: DoctorFinding): void {
  const { rule, severity, at, key, message, suggestion = null } = finding;
  const { path, positions } = chart.definition;
  const place = key === true ? positions.ofKey(at) : positions.ofValue(at);
  chart.diagnoses.push({
    path,
    ...place,
    rule,
    severity,
    message: message + didYouMean(suggestion),
    ...(suggestion === null ? {} : { suggestion }),
  });
}

/** What each declared parameter can be. */
export function paramRanges({ policies }: Plan): ReadonlyMap<string, ValueRange> {
  return new Map(
    Object.entries(policies.params).map(([name, spec]) => [
      name,
      {
        ...ANYTHING,
        values: spec.choices,
        types: [spec.type],
        mayBeMissing: !spec.required && spec.default === null,
      },
    ]),
  );
}
