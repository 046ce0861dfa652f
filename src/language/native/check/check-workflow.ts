import type { Param, Workflow } from '../schema/workflow.ts';
import { outputsInSight } from '../syntax/outputs-in-sight.ts';
import { RESERVED_NAMES } from '../syntax/prompt-names.ts';
import { linksOf, stepsBefore } from '../syntax/step-links.ts';
import { innerScope, type StepScope } from '../syntax/step-scope.ts';
import { checkCallables } from './check-callables.ts';
import { checkConditions } from './check-conditions.ts';
import { type CheckContext, report } from './check-context.ts';
import { checkLinks, checkStepName } from './check-links.ts';
import { checkResults } from './check-results.ts';
import { checkSteps } from './check-steps.ts';
import { checkTemplates, openFile } from './check-templates.ts';
import { checkTriggers } from './check-triggers.ts';
import { checkUncommitted } from './check-uncommitted.ts';

/** Everything about a file that its shape alone does not show. */
export function checkWorkflow(
  spec: Partial<Workflow>,
  scope: StepScope,
  context: CheckContext,
): void {
  checkParams(spec.params ?? {}, context);
  checkPersonas(spec, context);
  checkPolicies(spec, context);
  checkTriggers(spec, context);
  checkRedesign(spec, scope, context);
  checkScope(scope, context);
}

/** Requirements change while there is work to do, and half of a commit is no basis to continue from. */
function checkRedesign(
  { redesign }: Partial<Workflow>,
  scope: StepScope,
  context: CheckContext,
): void {
  if (redesign === undefined) return;
  const { to } = redesign;
  const at = ['redesign', 'to'];
  checkStepName(to, at, null, scope, context);
  const step = scope.steps.find((placed) => placed.step.id === to)?.step;
  if (step?.finally === true) {
    const message = `\`${to}\` runs when the run has its outcome, too late for new requirements.`;
    report(context, { code: 'conflict', at, message });
  }
  const before = stepsBefore(to, linksOf(scope));
  const half = scope.steps.find(({ step: { id, uncommitted } }) => uncommitted && before.has(id));
  if (half === undefined) return;
  const message = `going back to \`${to}\` drops what is not committed, and \`${half.step.id}\` before it has \`uncommitted\`.`;
  report(context, { code: 'conflict', at, message });
}

function checkScope(scope: StepScope, context: CheckContext): void {
  checkSteps(scope, context);
  checkResults(scope, context);
  checkCallables(scope, context);
  const links = checkLinks(scope, context);
  checkConditions(scope, links, context);
  checkTemplates(scope, links, context);
  checkUncommitted(scope, links, context);
  for (const placed of scope.steps) {
    const { step } = placed;
    const visible = outputsInSight(step, scope, links);
    const inner = innerScope(placed, scope, visible, stepsBefore(step.id, links));
    if (inner !== null) checkScope(inner, context);
  }
}

function checkParams(params: Readonly<Record<string, Param>>, context: CheckContext): void {
  for (const [name, param] of Object.entries(params)) {
    const at = ['params', name];
    if (RESERVED_NAMES.has(name)) {
      const message = `\`${name}\` means something already in prompts and conditions; choose another name.`;
      report(context, { code: 'conflict', at, key: true, message });
    }
    if (param.required && param.default !== undefined) {
      const message = 'a parameter is `required` or has a `default`, not both.';
      report(context, { code: 'conflict', at: [...at, 'default'], key: true, message });
    }
    const values = [
      ...(param.choices ?? []),
      ...(param.default === undefined ? [] : [param.default]),
    ];
    const wrong = values.find((value) => !hasType(value, param.type));
    if (wrong !== undefined) {
      const message = `\`${String(wrong)}\` is not of type ${param.type}.`;
      report(context, { code: 'wrong-type', at, key: true, message });
    }
  }
}

function hasType(value: string | number | boolean, type: Param['type']): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function checkPersonas(spec: Partial<Workflow>, context: CheckContext): void {
  for (const [name, persona] of Object.entries(spec.personas ?? {})) {
    const at = ['personas', name];
    if ((persona.prompt === undefined) === (persona.prompt_file === undefined)) {
      const message = `persona \`${name}\` needs \`prompt\` or \`prompt_file\`, one of them.`;
      report(context, { code: 'missing-key', at, key: true, message });
    }
    if (persona.prompt_file === undefined) continue;
    const text = openFile(persona.prompt_file, context);
    if (typeof text !== 'string') {
      report(context, { code: 'missing-file', at: [...at, 'prompt_file'], message: text.problem });
    }
  }
}

function checkPolicies(spec: Partial<Workflow>, context: CheckContext): void {
  const gate = spec.eval_gate;
  if (gate !== undefined && gate.warn_threshold >= gate.block_threshold) {
    const message = '`warn_threshold` must be smaller than `block_threshold`.';
    report(context, { code: 'conflict', at: ['eval_gate'], key: true, message });
  }
  const escalation = spec.escalation;
  const named = escalation?.workflow !== undefined;
  if (escalation !== undefined && named !== (escalation.handler === 'fallback_workflow')) {
    const message = named
      ? '`workflow` goes with `handler: fallback_workflow`.'
      : '`handler: fallback_workflow` needs the `workflow` to start.';
    report(context, { code: 'conflict', at: ['escalation'], key: true, message });
  }
}
