import type { WorkflowDefinition } from '../definition.ts';
import { didYouMean } from '../nearest.ts';
import type { Graph, Plan, PlanNode } from '../plan.ts';
import type { DataPath } from '../positions.ts';
import type { DeepRule, Diagnosis, Severity } from './diagnosis.ts';
import type { Oracle } from './oracle.ts';
import { type PlacedScope, scopesIn } from './step-places.ts';
import type { Survey } from './survey.ts';
import { survey } from './survey-parts.ts';
import { ANYTHING, type ValueRange } from './value-range.ts';

/** One graph under examination, and where to write down what is found. */
export interface Chart extends PlacedScope {
  readonly definition: WorkflowDefinition;
  readonly plan: Plan;
  readonly nodes: ReadonlyMap<string, PlanNode>;
  readonly drawn: Graph;
  /** What parameters can be. */
  readonly params: ReadonlyMap<string, ValueRange>;
  readonly survey: Survey;
  readonly diagnoses: Diagnosis[];
}

export interface Finding {
  readonly rule: DeepRule | 'missing-file';
  readonly severity: Severity;
  readonly at: DataPath;
  readonly key?: boolean;
  readonly message: string;
  readonly suggestion?: string | null;
}

/** A chart for each list of steps of the file; what it calls is examined on its own. */
export function chartsOf(
  definition: WorkflowDefinition,
  plan: Plan,
  oracle: Oracle,
  diagnoses: Diagnosis[],
): readonly Chart[] {
  const params = paramRanges(plan);
  return scopesIn(definition).flatMap((placed) => {
    const graph = plan.graphs[placed.graph];
    if (graph === undefined) return [];
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    const surveyed = survey({ graph, oracle, params });
    return [
      { ...placed, definition, plan, nodes, drawn: graph, params, survey: surveyed, diagnoses },
    ];
  });
}

export function note(chart: Chart, finding: Finding): void {
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
