import type { Json } from '../../../plan/json.ts';
import type { Criterion } from '../../../plan/plan.ts';
import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import { Places } from '../places.ts';
import { problemAt } from '../report-problem.ts';
import { isShape } from '../shape.ts';
import { type NeededField, type ReadCriteria, readCriteria } from './criteria.ts';
import type { Layer } from './layer/layer.ts';
import type { DataFile, LayerContext } from './layer/layer-context.ts';
import type { LayerGate } from './layer/layer-gates.ts';
import { GateBody } from './layer/layer-schema.ts';
import { phaseFacts } from './phases.ts';

/** A gate on its way to becoming a node. */
export interface ReadGate {
  /** Phase whose result it judges. */
  readonly phase: string;
  /** Its name in its file, or what it is called where it is used. */
  readonly name: string;
  readonly at: DataPath | null;
  /** A gate before a phase keeps its key as its id. */
  readonly key: string;
  readonly body: GateBody;
  readonly criteria: readonly Criterion[];
  readonly fields: readonly NeededField[];
  /** Ids of tests whose failures do not count. */
  readonly flaky: readonly string[];
  readonly blocks: boolean;
}

export interface GatesRequest {
  readonly phase: string;
  /** The phase after it, which may have a gate before it. */
  readonly next: string | null;
  readonly layer: Layer;
  readonly knownFlaky: readonly string[];
  readonly context: LayerContext;
}

/** Reads a gate wherever it is kept; null if it is not sound, which is reported. */
function readGate(gate: LayerGate, { phase, knownFlaky, context }: GatesRequest): ReadGate | null {
  const found = bodyOf(gate, context);
  if (found === null) return null;
  const { value: body, positions, path } = found;
  const flaky = [...knownFlaky, ...body.known_flaky];
  const read = readCriteria(body.criteria, ['criteria'], {
    phase,
    knownFlaky: flaky,
    report: (at, message, suggestion) => {
      const place = positions.ofKey(at);
      context.problems.push(problemAt(path, place, 'bad-value', message, suggestion));
    },
  });
  const blocks = body.severity === 'blocker' && body.on_fail !== 'log';
  return {
    phase,
    name: body.gate ?? gate.key,
    at: gate.at,
    key: gate.key,
    body,
    ...read,
    flaky,
    blocks,
  };
}

/** What a phase must meet even if no gate says so, unless the gate asks about it in its own way. */
export function ownCriteria(
  phase: string,
  knownFlaky: readonly string[],
  asked: readonly Criterion[],
): ReadCriteria {
  const request = { phase, knownFlaky, report: () => undefined };
  const own = readCriteria(phaseFacts(phase).own, [], request);
  const paths = pathsIn(asked.map((one) => ({ ...one })));
  return { ...own, criteria: own.criteria.filter(({ path }) => !paths.has(path)) };
}

/** Fields the criteria check, nested ones included. */
function pathsIn(value: Json): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item: Json) => [...pathsIn(item)]));
  if (!isShape(value)) return new Set();
  const { path, value: inner } = value;
  const own = typeof path === 'string' && path !== '' ? [path] : [];
  return new Set([...own, ...pathsIn(inner ?? null)]);
}

function bodyOf(gate: LayerGate, context: LayerContext): DataFile<GateBody> | null {
  const { entry, at, key } = gate;
  if (typeof entry === 'string') return fromFile(entry, at, context);
  const place = at ?? ['gates', key];
  const { path, positions } = context.source;
  const parse = (data: unknown, from: DataPath, to: DataPath = []): DataFile<GateBody> | null => {
    const places = new Places(positions).move(to, from);
    return context.parse({ data, positions: places, path }, GateBody, 'gate');
  };
  if ('inline' in entry) {
    for (const other of Object.keys(entry).filter((name) => name !== 'inline')) {
      const message = `a gate with \`inline\` has no other key; move \`${other}\` inside.`;
      context.keyProblem([...place, other], 'unknown-key', message);
    }
    return parse(entry['inline'], [...place, 'inline']);
  }
  if ('criteria' in entry) return parse(entry, place);
  // The short form: nothing but criteria.
  return isShape(entry) ? parse({ criteria: entry }, place, ['criteria']) : null;
}

function fromFile(
  name: string,
  at: DataPath | null,
  context: LayerContext,
): DataFile<GateBody> | null {
  const file = context.find(name);
  if (file !== null) return context.readData(file, GateBody, 'gate');
  if (at !== null) {
    const message = `there is no file \`${context.root}${name}\` in the workflow folder.`;
    context.problem(at, 'missing-file', message, nearest(name, context.names('gates/')));
  }
  return null;
}

/** Gates of a phase in the order they are asked, blocking ones first. */
export function gatesFor(request: GatesRequest): readonly ReadGate[] {
  const { phase, next, layer } = request;
  const asked = layer.gates.filter(({ when, phase: about }) =>
    when === 'after' ? about === phase : about === next,
  );
  const read = asked.flatMap((gate) => readGate(gate, request) ?? []);
  return [...read.filter(({ blocks }) => blocks), ...read.filter(({ blocks }) => !blocks)];
}
