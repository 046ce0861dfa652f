import { nearest } from '../../nearest.ts';
import type { DataPath } from '../../positions.ts';
import { readTrigger, type Trigger, usualTrigger } from './actions.ts';
import type { LayerContext } from './layer-context.ts';
import type { GateEntry, LayerFile, LoopSpec, Right } from './layer-schema.ts';
import { defaultsFor } from './presets.ts';

/** Where the file says it; null: nowhere, it holds by default. */
type Origin = DataPath | null;

export interface LayerPhase {
  readonly name: string;
  readonly at: Origin;
  readonly tools: readonly Right[] | null;
  readonly persona: string | null;
  readonly isRequired: boolean | null;
}

export interface TemplateRoute {
  /** Issue type → file. */
  readonly byType: Readonly<Record<string, string>>;
  readonly fallback: string | null;
  readonly at: DataPath;
}

export interface LayerLoop {
  readonly name: string;
  readonly at: Origin;
  readonly spec: LoopSpec;
  readonly trigger: Trigger;
}

export interface LayerGate {
  readonly key: string;
  readonly at: Origin;
  readonly phase: string;
  readonly when: 'after' | 'before';
  readonly entry: GateEntry | string;
}

/** A layer as it holds for one type of issue: defaults, preset and routes worked in. */
export interface Layer {
  readonly type: string | null;
  readonly phases: readonly LayerPhase[];
  readonly templates: Readonly<Record<string, TemplateRoute>>;
  readonly loops: readonly LayerLoop[];
  readonly gates: readonly LayerGate[];
  readonly parallel: readonly { readonly names: readonly string[]; readonly at: Origin }[];
  /** Phases of any type: what is said about others is a mistake. */
  readonly anyPhase: ReadonlySet<string>;
  /** Phases of issues without a type. */
  readonly plainPhases: ReadonlySet<string>;
}

/** Works out what holds for a type of issue; null: for one that has none. */
export function layerFor(
  file: Partial<LayerFile>,
  type: string | null,
  context: LayerContext,
): Layer {
  const defaults = defaultsFor(file.preset);
  const routed = type === null ? undefined : file.routing?.[type];
  const base: DataPath = type === null || routed === undefined ? [] : ['routing', type];
  const part = <Value>(key: string, own: Value, general: Value, usual: Value): Part<Value> => {
    if (own !== undefined) return { value: own, at: [...base, key] };
    return general === undefined ? { value: usual, at: null } : { value: general, at: [key] };
  };
  const phases = part('phases', routed?.phases, file.phases, defaults.phases);
  const templates = part('templates', routed?.templates, file.templates, defaults.templates);
  const loops = part('loops', routed?.loops, file.loops, defaults.loops);
  const gates = part('gates', routed?.gates, file.gates, defaults.gates);
  return {
    type,
    phases: phasesOf(phases),
    templates: templatesOf(templates, file),
    loops: loopsOf(loops, context),
    gates: mergedGates(gatesOf(gates, context), phaseGates(file.phases)),
    parallel: (file.parallel ?? defaults.parallel).map((names, index) => ({
      names,
      at: file.parallel === undefined ? null : ['parallel', index],
    })),
    anyPhase: anyPhaseOf(file),
    plainPhases: new Set(namesOf(file.phases ?? defaults.phases)),
  };
}

interface Part<Value> {
  readonly value: Value;
  readonly at: Origin;
}

function phasesOf({ value, at }: Part<LayerFile['phases']>): readonly LayerPhase[] {
  if (Array.isArray(value)) {
    return value.map((name, index) => ({
      name,
      at: at === null ? null : [...at, index],
      tools: null,
      persona: null,
      isRequired: null,
    }));
  }
  return Object.entries(value ?? {}).map(([name, spec]) => ({
    name,
    at: at === null ? null : [...at, name],
    tools: spec.tools ?? null,
    persona: spec.persona ?? null,
    isRequired: spec.required ?? null,
  }));
}

function templatesOf(
  { value, at }: Part<LayerFile['templates']>,
  { phases }: Partial<LayerFile>,
): Readonly<Record<string, TemplateRoute>> {
  const named = phases === undefined || Array.isArray(phases) ? {} : phases;
  const fromPhases = Object.entries(named).flatMap(([phase, { template }]) =>
    template === undefined
      ? []
      : [[phase, routeOf(template, ['phases', phase, 'template'])] as const],
  );
  const routes = Object.entries(value ?? {}).map(
    ([phase, route]) => [phase, routeOf(route, [...(at ?? []), phase])] as const,
  );
  return Object.fromEntries([...fromPhases, ...routes]);
}

function routeOf(route: string | Readonly<Record<string, string>>, at: DataPath): TemplateRoute {
  if (typeof route === 'string') return { byType: {}, fallback: route, at };
  const { default: fallback = null, ...byType } = route;
  return { byType, fallback, at };
}

function loopsOf(
  { value, at }: Part<LayerFile['loops']>,
  context: LayerContext,
): readonly LayerLoop[] {
  return Object.entries(value ?? {}).flatMap(([name, spec]) => {
    const place = at === null ? null : [...at, name];
    const text = spec.trigger ?? usualTrigger(name);
    if (text === null) {
      const message = `loop \`${name}\` needs a \`trigger\`, such as test.fail or review.blockers.`;
      if (place !== null) context.keyProblem(place, 'missing-key', message);
      return [];
    }
    const read = readTrigger(text);
    if (read.type === 'unknown') {
      const message = `\`${text}\` is no trigger; there are test.fail, review.blockers, review.architectural and <phase>.fail.`;
      if (place !== null)
        context.problem([...place, 'trigger'], 'bad-value', message, read.suggestion);
      return [];
    }
    if (read.spelling !== null && place !== null) {
      context.warn(
        [...place, 'trigger'],
        `\`${text}\` is understood as \`${read.spelling}\`; write that.`,
      );
    }
    return [{ name, at: place, spec, trigger: read.trigger }];
  });
}

function gatesOf(
  { value, at }: Part<LayerFile['gates']>,
  context: LayerContext,
): readonly LayerGate[] {
  return Object.entries(value ?? {}).map(([key, entry]) => {
    const place = at === null ? null : [...at, key];
    const [, when = '', phase = ''] = /^(after|before)[_-](.+)$/.exec(key) ?? [];
    if (when === '' && place !== null) {
      context.warn(place, `\`${key}\` is understood as \`after_${key}\`; write that.`);
    }
    return {
      key: when === '' ? `after_${key}` : `${when}_${phase}`,
      at: place,
      phase: when === '' ? key : phase,
      when: when === 'before' ? 'before' : 'after',
      entry,
    };
  });
}

/** A phase that names gates itself does without the default one. */
function mergedGates(
  gates: readonly LayerGate[],
  named: readonly LayerGate[],
): readonly LayerGate[] {
  const own = new Set(named.map(({ phase }) => phase));
  return [...gates.filter(({ phase, at }) => at !== null || !own.has(phase)), ...named];
}

/** Gates a phase of the map form names itself. */
function phaseGates(phases: LayerFile['phases']): readonly LayerGate[] {
  if (phases === undefined || Array.isArray(phases)) return [];
  return Object.entries(phases).flatMap(([phase, { gates }]) =>
    [gates ?? []].flat().map((entry) => ({
      key: `after_${phase}`,
      at: ['phases', phase, 'gates'],
      phase,
      when: 'after' as const,
      entry,
    })),
  );
}

function anyPhaseOf(file: Partial<LayerFile>): ReadonlySet<string> {
  const defaults = defaultsFor(file.preset);
  const routed = Object.values(file.routing ?? {}).flatMap(({ phases }) => phases ?? []);
  const parallel = (file.parallel ?? defaults.parallel).flat();
  const plain = namesOf(file.phases ?? defaults.phases);
  return new Set([...plain, ...routed, ...parallel]);
}

function namesOf(phases: LayerFile['phases']): readonly string[] {
  return Array.isArray(phases) ? phases : Object.keys(phases ?? {});
}

/** Reports a phase that is in no list; true when it is one. */
export function isPhase(
  name: string,
  at: Origin,
  layer: Layer,
  context: LayerContext,
  say: (name: string) => string,
): boolean {
  if (layer.anyPhase.has(name)) return true;
  if (at !== null) {
    context.keyProblem(at, 'unknown-step', say(name), nearest(name, [...layer.anyPhase]));
  }
  return false;
}
