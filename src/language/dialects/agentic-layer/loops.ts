import { nearest } from '../../problems/nearest.ts';
import { ACTION_TARGETS, type LoopEvent, usualAction } from './actions.ts';
import type { ReadGate } from './gates.ts';
import { isPhase, type Layer } from './layer/layer.ts';
import type { LayerContext } from './layer/layer-context.ts';
import type { LayerLoop } from './layer/layer-loops.ts';
import type { LayerLoopSpec } from './layer/layer-schema.ts';

/** A phase with the node at which it is judged, and its place in the order. */
export interface JudgedPhase {
  readonly name: string;
  /** Id of the node a way back starts from; null if nothing judges the phase. */
  readonly judge: string | null;
  readonly gate: ReadGate | null;
  readonly stage: number;
}

export interface LoopRequest {
  readonly layer: Layer;
  readonly phases: readonly JudgedPhase[];
  readonly context: LayerContext;
}

/** What triggers a way back from the judging node. */
const GATE_FAILED = 'outcome == revise';

/** Native loops of a layer by name: those it declares, and one for each gate that heals itself. */
export function loopsFor(request: LoopRequest): Readonly<Record<string, object>> {
  const declared = request.layer.loops.flatMap((loop) => declaredLoop(loop, request) ?? []);
  const healed = new Set(
    declared.filter(({ event }) => event !== 'architectural').map(({ phase }) => phase),
  );
  const own = request.phases
    .filter(({ name }) => !healed.has(name))
    .flatMap((phase) => gateLoop(phase, request) ?? []);
  return Object.fromEntries([...declared, ...own].map(({ name, native }) => [name, native]));
}

interface NamedLoop {
  readonly name: string;
  readonly phase: string;
  readonly event: LoopEvent;
  readonly native: object;
}

function declaredLoop(loop: LayerLoop, request: LoopRequest): NamedLoop | null {
  const { name, at, spec, trigger } = loop;
  const { context } = request;
  const message = `loop \`${name}\` waits for phase \`${trigger.phase}\`, which is not among the phases.`;
  const from = at === null ? null : [...at, 'trigger'];
  if (!isPhase(trigger.phase, request, { at: from, message })) return null;
  const phase = request.phases.find((candidate) => candidate.name === trigger.phase);
  if (phase === undefined) return null;
  if (phase.judge === null) {
    const idle = `loop \`${name}\` waits for \`${trigger.phase}.${trigger.event}\`, but no gate that blocks judges the phase \`${trigger.phase}\`.`;
    if (at !== null) context.keyProblem(at, 'conflict', idle);
    return null;
  }
  const action = actionOf(loop, request);
  const target = action === null ? null : targetOf({ phase, action, loop }, request);
  if (target === null) return null;
  const shared = trigger.event === 'architectural' ? null : phase.gate;
  if (shared !== null && shared.body.on_fail === 'escalate') {
    if (at !== null) {
      context.warn(
        at,
        `loop \`${name}\` is never taken: gate \`${shared.name}\` escalates at once.`,
      );
    }
    return null;
  }
  const max = Math.min(spec.max, shared?.body.max_retries ?? spec.max);
  if (max === 0) return null;
  return {
    name,
    phase: phase.name,
    event: trigger.event,
    native: nativeLoop({
      phase: phase.name,
      from: phase.judge,
      to: target,
      action,
      max,
      spec,
      event: trigger.event,
    }),
  };
}

/** A gate that retries or patches and has no loop of its phase to share. */
function gateLoop(phase: JudgedPhase, request: LoopRequest): NamedLoop | null {
  const { gate, judge, name } = phase;
  if (gate === null || judge === null) return null;
  const { on_fail: onFail, max_retries: max = 3, retry_strategy: strategy } = gate.body;
  if ((onFail !== 'retry' && onFail !== 'patch') || max === 0) return null;
  const { context } = request;
  if (strategy !== undefined && !Object.hasOwn(ACTION_TARGETS, strategy)) {
    const suggestion = nearest(strategy, Object.keys(ACTION_TARGETS));
    const message = `gate \`${gate.name}\` has no strategy \`${strategy}\`.`;
    context.problem(gate.at ?? ['gates'], 'bad-value', message, suggestion);
    return null;
  }
  const action = strategy ?? usualAction({ phase: name, event: 'fail' });
  const target = action === null ? name : (targetIn(phase, action, request) ?? name);
  const { stop_on_no_progress: stops } = gate.body;
  const spec = {
    max,
    cooldown_ms: 0,
    ignore: [],
    on_exhaust: 'escalate' as const,
    stop_on_no_progress: stops,
  };
  return {
    name: `${name}_${onFail}`,
    phase: name,
    event: 'fail',
    native: nativeLoop({ phase: name, from: judge, to: target, action, max, spec, event: 'fail' }),
  };
}

function nativeLoop(loop: {
  readonly phase: string;
  readonly from: string;
  readonly to: string;
  readonly action: string | null;
  readonly max: number;
  readonly spec: LayerLoopSpec;
  readonly event: LoopEvent;
}): object {
  const { phase, from, to, action, max, spec, event } = loop;
  return {
    from,
    to,
    trigger: event === 'architectural' ? `outputs.${phase}.stats.architectural > 0` : GATE_FAILED,
    max,
    ...(spec.cooldown_ms === 0 ? {} : { cooldown: `${spec.cooldown_ms}ms` }),
    ...(spec.cost_ceiling === undefined ? {} : { cost_ceiling_usd: spec.cost_ceiling }),
    stop_on_no_progress: spec.stop_on_no_progress,
    on_exhaust: spec.on_exhaust,
    // A new plan starts from where the old one started; a patch builds on what is there.
    workspace: action === 'replan_and_rebuild' ? 'rewind' : 'keep',
  };
}

function actionOf({ name, at, spec, trigger }: LayerLoop, { context }: LoopRequest): string | null {
  const action = spec.action ?? usualAction(trigger) ?? 'rebuild';
  if (Object.hasOwn(ACTION_TARGETS, action)) return action;
  const known = Object.keys(ACTION_TARGETS);
  const message = `loop \`${name}\` cannot \`${action}\`; there are ${known.join(', ')}.`;
  if (at !== null) context.problem([...at, 'action'], 'bad-value', message, nearest(action, known));
  return null;
}

function targetOf(
  back: { readonly phase: JudgedPhase; readonly action: string; readonly loop: LayerLoop },
  request: LoopRequest,
): string | null {
  const { phase, action, loop } = back;
  const { at, name } = loop;
  const target = targetIn(phase, action, request);
  if (target !== null) return target;
  const wanted = ACTION_TARGETS[action] ?? '';
  const { layer, context } = request;
  if (at !== null && layer.type === null) {
    const message = `loop \`${name}\` goes back to \`${wanted}\`, which does not come before \`${phase.name}\`.`;
    context.keyProblem(at, 'unknown-step', message);
  }
  return null;
}

/** The phase an action goes back to, if it comes before this one or is this one. */
function targetIn(phase: JudgedPhase, action: string, { phases }: LoopRequest): string | null {
  const found = phases.find(({ name }) => name === ACTION_TARGETS[action]);
  if (found === undefined) return null;
  return found.name === phase.name || found.stage < phase.stage ? found.name : null;
}
