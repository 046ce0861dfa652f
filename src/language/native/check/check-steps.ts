import type { Persona } from '../../../plan/plan.ts';
import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import type { Step } from '../schema/step.ts';
import { RESERVED_NAMES } from '../syntax/prompt-names.ts';
import { kindsOf, type PlacedStep, type StepKind, type StepScope } from '../syntax/step-scope.ts';
import { type CheckContext, report } from './check-context.ts';

/** What each step must be in itself: one kind of work, and keys that go with it. */
export function checkSteps(scope: StepScope, context: CheckContext): void {
  for (const placed of scope.steps) {
    if (placed.mended !== true) checkKind(placed, context);
    checkPersona(placed, context);
    checkApproval(placed, scope, context);
    checkOutputName(placed, context);
    checkRest(placed, context);
  }
}

function checkKind({ step, path }: PlacedStep, context: CheckContext): void {
  const kinds = kindsOf(step);
  const add = (message: string, at: DataPath = [...path, 'id']): void =>
    report(context, { code: 'step-kind', at, message });
  if (kinds.length === 0) {
    const promptOnly = step.prompt !== undefined || step.prompt_file !== undefined;
    return add(
      promptOnly
        ? `step \`${step.id}\` has a prompt but no \`agent\` to give it to.`
        : `step \`${step.id}\` does nothing; give it \`agent\` and \`prompt\`, or run, auto_run, commit, gate, approval, call, group, foreach or noop.`,
    );
  }
  if (kinds.length > 1) {
    const list = kinds.map((kind) => `\`${kind}\``).join(' and ');
    return add(`step \`${step.id}\` can be only one of ${list}; split it into steps.`);
  }
  const [kind] = kinds;
  if (kind !== undefined) checkKeys(step, kind, path, context);
}

/** Keys that only make sense for some kinds. */
const KEYS_OF_KINDS: readonly (readonly [readonly (keyof Step)[], readonly StepKind[]])[] = [
  [
    ['prompt', 'prompt_file', 'model', 'effort', 'program', 'access', 'handoffs', 'visibility'],
    ['agent'],
  ],
  [['questions', 'checks', 'evaluate', 'routing_fields', 'status_field', 'report'], ['agent']],
  [['execution', 'allow_override'], ['agent']],
  [
    ['result', 'routes'],
    ['agent', 'run', 'auto_run'],
  ],
  [['uncommitted'], ['agent', 'run']],
  [
    ['workspace', 'timeout'],
    ['agent', 'run', 'auto_run'],
  ],
  [['budget'], ['agent', 'call', 'group', 'foreach']],
  [['retries'], ['agent', 'run', 'auto_run', 'commit', 'call', 'group', 'foreach']],
  [['requires'], ['agent', 'run', 'auto_run', 'call', 'group', 'foreach']],
  [['output'], ['agent', 'run', 'auto_run', 'call', 'group', 'foreach']],
];

function checkKeys(step: Step, kind: StepKind, path: DataPath, context: CheckContext): void {
  for (const [keys, kinds] of KEYS_OF_KINDS) {
    if (kinds.includes(kind)) continue;
    for (const key of keys.filter((name) => isGiven(step[name]))) {
      const message = `\`${key}\` has no meaning in a step with \`${kind}\`; it goes with ${kinds.join(', ')}.`;
      report(context, { code: 'step-kind', at: [...path, key], key: true, message });
    }
  }
  if (kind !== 'agent' && step.session === 'continue') {
    const message = `\`session\` has no meaning in a step with \`${kind}\`; it goes with agent.`;
    report(context, { code: 'step-kind', at: [...path, 'session'], key: true, message });
  }
  if (kind === 'agent') checkPrompt(step, path, context);
  if (kind === 'foreach') checkForeach(step, path, context);
  checkEnough(step, path, context);
}

/** There must be as many members as are asked for, if their number is fixed in the file. */
function checkEnough({ group, foreach }: Step, path: DataPath, context: CheckContext): void {
  const members = group?.steps.filter((member) => !member.finally) ?? foreach?.items;
  const wanted = group?.complete_when ?? foreach?.complete_when;
  if (!Array.isArray(members) || typeof wanted !== 'number' || wanted <= members.length) return;
  const key = group === undefined ? 'foreach' : 'group';
  const what = group === undefined ? 'items' : 'members';
  const message = `\`complete_when: ${wanted}\` asks for more than the ${members.length} ${what} there are.`;
  report(context, { code: 'conflict', at: [...path, key, 'complete_when'], message });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function checkPrompt(step: Step, path: DataPath, context: CheckContext): void {
  if (step.prompt !== undefined && step.prompt_file !== undefined) {
    const message = 'a step has `prompt` or `prompt_file`, not both.';
    report(context, { code: 'conflict', at: [...path, 'prompt_file'], key: true, message });
  }
  if (step.prompt === undefined && step.prompt_file === undefined) {
    const message = `step \`${step.id}\` needs \`prompt\` or \`prompt_file\`.`;
    report(context, { code: 'missing-key', at: [...path, 'id'], message });
  }
}

function checkForeach(step: Step, path: DataPath, context: CheckContext): void {
  const spec = step.foreach;
  if (spec === undefined) return;
  if (RESERVED_NAMES.has(spec.as)) {
    const message = `\`${spec.as}\` means something already in prompts and conditions; choose another name.`;
    report(context, { code: 'conflict', at: [...path, 'foreach', 'as'], message });
  }
  if ((spec.steps === undefined) === (spec.workflow === undefined)) {
    const message = '`foreach` needs `steps` or `workflow`, one of them.';
    report(context, { code: 'step-kind', at: [...path, 'foreach'], key: true, message });
  }
}

function checkPersona({ step, path }: PlacedStep, context: CheckContext): void {
  const { personas } = context;
  if (step.agent === undefined || personas === null || personas.has(step.agent)) return;
  const names = personaNames(personas);
  const suggestion = nearest(step.agent, names);
  const list = suggestion === null ? `; there are ${names.join(', ')}` : '';
  const message = `there is no persona \`${step.agent}\`${list}.`;
  report(context, { code: 'unknown-persona', at: [...path, 'agent'], message, suggestion });
}

function personaNames(
  personas: ReadonlyMap<string, Persona> | ReadonlySet<string>,
): readonly string[] {
  return [...personas.keys()].toSorted();
}

function checkApproval({ step, path }: PlacedStep, scope: StepScope, context: CheckContext): void {
  const approves = step.requires_approval || step.approval !== undefined || step.stop;
  if (step.approval_prompt !== undefined && !approves && !step.requires_individual_consent) {
    const message =
      '`approval_prompt` is never shown: the step also needs `requires_approval: true`.';
    report(context, { code: 'conflict', at: [...path, 'approval_prompt'], key: true, message });
  }
  const onlyApproval = kindsOf(step)[0] === 'approval';
  if (step.stop && !onlyApproval && step.approval?.when === 'before') {
    const message =
      '`stop` waits with the result, and `approval: {when: before}` asks before there is one; keep one of them.';
    report(context, { code: 'conflict', at: [...path, 'stop'], key: true, message });
  }
  if (onlyApproval && step.requires_individual_consent) {
    const message =
      'a step that is nothing but an approval runs nothing to consent to; write the key at the step that does the work.';
    const at = [...path, 'requires_individual_consent'];
    report(context, { code: 'conflict', at, key: true, message });
  }
  if (step.approval?.of !== undefined && !onlyApproval) {
    const message = '`of` belongs to a step that is nothing but an approval.';
    report(context, { code: 'conflict', at: [...path, 'approval', 'of'], key: true, message });
  }
  const isOnItem = scope.itemNames.length > 0 && step.depends_on.length === 0;
  const follows = step.depends_on.length === 1 || isOnItem;
  if (onlyApproval && step.approval?.of === undefined && !follows) {
    const message = `approval step \`${step.id}\` needs \`approval: {of: <step>}\`: it does not follow from \`depends_on\` what is decided on.`;
    report(context, { code: 'missing-key', at: [...path, 'id'], message });
  }
}

function checkOutputName({ step, path }: PlacedStep, context: CheckContext): void {
  if (step.output !== undefined && RESERVED_NAMES.has(step.output)) {
    const message = `\`${step.output}\` means something already in prompts and conditions; choose another name.`;
    report(context, { code: 'conflict', at: [...path, 'output'], message });
  }
  if (step.output === undefined && RESERVED_NAMES.has(step.id)) {
    const message = `\`${step.id}\` means something already in prompts and conditions; choose another id or give the step an \`output\`.`;
    report(context, { code: 'conflict', at: [...path, 'id'], message });
  }
}

/** Keys that let people decide before the run goes on. */
const WAITING = [
  'requires_approval',
  'approval',
  'stop',
  'requires_individual_consent',
  'open_items',
] as const;

function isSet(value: unknown): boolean {
  return value !== undefined && value !== false && value !== 'carry';
}

function checkRest({ step, path }: PlacedStep, context: CheckContext): void {
  const conflict = (key: keyof Step, message: string): void =>
    report(context, { code: 'conflict', at: [...path, key], key: true, message });
  if (step.optional && step.checkpoint) {
    conflict('checkpoint', 'a step is `optional` or a `checkpoint`, not both.');
  }
  const { access } = step;
  const writes = access === 'edit' || access === 'full';
  if (
    access !== undefined &&
    !writes &&
    (step.workspace === 'write' || step.workspace === 'isolated')
  ) {
    conflict(
      'workspace',
      `a step with \`access: ${access}\` cannot have \`workspace: ${step.workspace}\`.`,
    );
  }
  if (writes && (step.workspace === 'read' || step.workspace === 'none')) {
    conflict(
      'workspace',
      `a step with \`access: ${access}\` writes, so its workspace is \`write\` or \`isolated\`.`,
    );
  }
  for (const key of step.finally ? WAITING.filter((name) => isSet(step[name])) : []) {
    conflict(
      key,
      'a step that runs `finally` cannot wait for people: the run has its outcome already.',
    );
  }
  checkEvaluate(step, path, context);
}

function checkEvaluate(step: Step, path: DataPath, context: CheckContext): void {
  const [, again] = [...(step.routes ?? []).keys()].filter((at) => step.routes?.[at]?.default);
  if (again !== undefined) {
    const message = 'only one route can be the `default`.';
    report(context, { code: 'conflict', at: [...path, 'routes', again, 'default'], message });
  }
  const spec = step.evaluate;
  if (
    spec !== undefined &&
    (spec.decision_field === undefined) === (spec.condition === undefined)
  ) {
    const message = '`evaluate` needs `decision_field` or `condition`, one of them.';
    report(context, { code: 'step-kind', at: [...path, 'evaluate'], key: true, message });
  }
  if (spec !== undefined && step.routes !== undefined) {
    const message = 'a step has `evaluate` or `routes`, not both.';
    report(context, { code: 'step-kind', at: [...path, 'routes'], key: true, message });
  }
  for (const [index, route] of (step.routes ?? []).entries()) {
    const given = [route.contains, route.when, route.default].filter((key) => key !== undefined);
    if (given.length === 1) continue;
    const message = 'a route needs `contains`, `when` or `default`, one of them.';
    report(context, { code: 'step-kind', at: [...path, 'routes', index], message });
  }
}
