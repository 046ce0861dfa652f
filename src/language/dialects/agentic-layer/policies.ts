import type { Json, JsonObject } from '../../../plan/json.ts';
import type { Policies } from '../../../plan/plan.ts';
import { parseDuration } from '../../native/schema/duration.ts';
import { nearest } from '../../problems/nearest.ts';
import { workflowName } from '../workflow-name.ts';
import type { ReadGate } from './gates.ts';
import type { LayerContext } from './layer/layer-context.ts';
import type { EscalationSpec, LayerFile } from './layer/layer-schema.ts';
import { phaseArtefact } from './variables.ts';

const METRICS = [
  'workflow_success_rate',
  'average_iterations_per_loop',
  'phase_duration_ms',
  'cost_per_run',
  'escalation_rate',
];
const METRIC_ALIASES: Readonly<Record<string, string>> = {
  avg_iterations: 'average_iterations_per_loop',
  average_iterations: 'average_iterations_per_loop',
  success_rate: 'workflow_success_rate',
  cost: 'cost_per_run',
  duration_ms: 'phase_duration_ms',
};
const HANDLERS = ['human', 'auto_close', 'fallback_workflow'] as const;
type Handler = (typeof HANDLERS)[number];

/** What a layer calls people for, in native keys. */
export interface NativeEscalation {
  readonly handler: Handler;
  readonly workflow?: string;
  readonly timeout: string;
  readonly mention: readonly string[];
  readonly context: readonly string[];
}

/** The one question of a layer that cannot go on: who is asked, for how long, about what. */
export function escalationFor(
  spec: EscalationSpec,
  phases: ReadonlySet<string>,
  context: LayerContext,
): NativeEscalation {
  const handler = handlerOf(spec, context);
  const mention =
    spec.notification?.mention ?? synonym('notify', 'notification.mention', spec.notify, context);
  const shown = spec.context ?? synonym('include', 'context', spec.include, context) ?? [];
  const names = shown.map((name) => phaseArtefact(name, phases) ?? name);
  const workflow = spec.workflow === undefined ? null : workflowName(spec.workflow);
  if ((handler === 'fallback_workflow') !== (workflow !== null)) {
    const message =
      workflow === null
        ? '`handler: fallback_workflow` needs the `workflow` to start.'
        : '`workflow` goes with `handler: fallback_workflow`.';
    context.keyProblem(['escalation'], 'conflict', message);
  }
  return {
    handler,
    ...(workflow === null ? {} : { workflow }),
    timeout: `${Math.round((spec.timeout_hours ?? 24) * 3_600_000)}ms`,
    mention: [mention ?? []].flat(),
    context: [...new Set(names)],
  };
}

function handlerOf({ handler, target }: EscalationSpec, context: LayerContext): Handler {
  if (handler !== undefined || target === undefined) return handler ?? 'human';
  const found = HANDLERS.find((name) => name === target);
  if (found === undefined) {
    const message = `\`${target}\` is no handler; there are ${HANDLERS.join(', ')}.`;
    context.problem(['escalation', 'target'], 'bad-value', message, nearest(target, HANDLERS));
    return 'human';
  }
  context.warn(['escalation', 'target'], '`target` is understood as `handler`; write that.');
  return found;
}

function synonym<Value>(
  key: string,
  meant: string,
  value: Value | undefined,
  context: LayerContext,
): Value | undefined {
  if (value !== undefined) {
    context.warn(['escalation', key], `\`${key}\` is understood as \`${meant}\`; write that.`);
  }
  return value;
}

/** What a plan carries for those who watch over many runs. */
export function amendedPolicies(
  file: Partial<LayerFile>,
  escalation: NativeEscalation,
  gates: readonly ReadGate[],
  context: LayerContext,
): Partial<Policies> {
  const { notification } = file.escalation ?? {};
  const messages = gates.flatMap(({ name, body }) =>
    body.escalation === undefined && body.notify === undefined
      ? []
      : [[name, plain({ ...body.escalation, notify: [body.notify ?? []].flat() })] as const],
  );
  return {
    escalation: {
      handler: escalation.handler,
      workflow: escalation.workflow ?? null,
      timeout_ms: parseDuration(escalation.timeout) ?? 0,
      mention: escalation.mention,
      context: escalation.context,
      ...(notification?.channel === undefined ? {} : { channel: notification.channel }),
      ...(messages.length === 0 ? {} : { gates: Object.fromEntries(messages) }),
    },
    ...(file.monitoring === undefined && file.monitor === undefined
      ? {}
      : { monitoring: monitoringOf(file, context) }),
    ...(file.auto_merge === undefined ? {} : { autoMerge: plain(file.auto_merge) }),
  };
}

function monitoringOf(
  { monitoring, monitor }: Partial<LayerFile>,
  context: LayerContext,
): JsonObject {
  const track = monitoring?.track ?? METRICS;
  for (const [index, name] of track.entries()) {
    if (METRICS.includes(metric(name))) continue;
    const message = `there is no metric \`${name}\`; there are ${METRICS.join(', ')}.`;
    context.problem(['monitoring', 'track', index], 'bad-value', message, nearest(name, METRICS));
  }
  const alerts = Object.entries(monitoring?.alert_on ?? {}).flatMap(([key, limit]) => {
    const name = metric(key.replace(/_above$/, ''));
    if (key.endsWith('_above') && METRICS.includes(name)) return [[name, limit] as const];
    const known = [...METRICS, ...Object.keys(METRIC_ALIASES)].map((one) => `${one}_above`);
    const message = `\`${key}\` is no alert; an alert is <metric>_above.`;
    context.keyProblem(['monitoring', 'alert_on', key], 'bad-value', message, nearest(key, known));
    return [];
  });
  return {
    track: track.map(metric),
    alerts: Object.fromEntries(alerts),
    ...(monitor === undefined ? {} : plain(monitor)),
  };
}

function metric(name: string): string {
  return (Object.hasOwn(METRIC_ALIASES, name) ? METRIC_ALIASES[name] : undefined) ?? name;
}

/** Without keys that have no value, which JSON does not have. */
function plain(value: Readonly<Record<string, Json | undefined>>): JsonObject {
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[key, item] as const],
  );
  return Object.fromEntries(entries);
}
