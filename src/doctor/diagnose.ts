import type { WorkflowDefinition } from '../language/native/syntax/definition.ts';
import { type Diagnosis, sortDiagnoses } from '../language/problems/diagnosis.ts';
import type { Plan } from '../plan/plan.ts';
import { chartsOf } from './chart.ts';
import { examineConditions } from './examine-conditions.ts';
import { examineEscalation } from './examine-escalation.ts';
import { examineFlow } from './examine-flow.ts';
import { examineMachine } from './examine-machine.ts';
import { examinePromises } from './examine-promises.ts';
import { examineSurroundings, type Surroundings } from './examine-surroundings.ts';
import { examineTemplates } from './examine-templates.ts';
import { examineUnused } from './examine-unused.ts';
import { examineWaysBack } from './examine-ways-back.ts';

export interface DiagnoseRequest {
  readonly definition: WorkflowDefinition;
  /** What the definition compiles to. */
  readonly plan: Plan;
  readonly surroundings: Surroundings;
}

/** Everything in a sound workflow that is still likely to be a mistake, in reading order. */
export function diagnose({
  definition,
  plan,
  surroundings,
}: DiagnoseRequest): readonly Diagnosis[] {
  const diagnoses: Diagnosis[] = [];
  for (const chart of chartsOf(definition, plan, diagnoses)) {
    if (chart.drawn.mode === 'state-machine') continue;
    examineConditions(chart);
    examineFlow(chart);
    examineWaysBack(chart);
    examinePromises(chart);
    examineTemplates(chart);
    examineSurroundings(chart, surroundings);
  }
  const machines = Object.values(plan.graphs).flatMap((graph) => examineMachine(plan, graph));
  return sortDiagnoses([
    ...diagnoses,
    ...machines,
    ...examineUnused(definition),
    ...examineEscalation(definition),
  ]);
}
