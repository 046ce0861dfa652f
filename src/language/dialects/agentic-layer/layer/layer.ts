import { nearest } from '../../../problems/nearest.ts';
import type { DataPath } from '../../../problems/positions.ts';
import { defaultsFor } from './defaults-for.ts';
import type { LayerContext } from './layer-context.ts';
import { gatesOf, type LayerGate, mergedGates, phaseGates } from './layer-gates.ts';
import { type LayerLoop, layerLoops } from './layer-loops.ts';
import type { Origin, Part } from './layer-part.ts';
import type { LayerFile, Right } from './layer-schema.ts';
import { teamGates } from './teams.ts';

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

/** A layer as it applies to one type of issue: defaults, preset and routes worked in. */
export interface Layer {
  readonly type: string | null;
  readonly phases: readonly LayerPhase[];
  readonly templates: Readonly<Record<string, TemplateRoute>>;
  readonly loops: readonly LayerLoop[];
  readonly gates: readonly LayerGate[];
  readonly parallel: readonly { readonly names: readonly string[]; readonly at: Origin }[];
  /** Phases of any type; mentioning others is a mistake. */
  readonly anyPhase: ReadonlySet<string>;
  /** Phases of issues without a type. */
  readonly plainPhases: ReadonlySet<string>;
}

/** Works out what applies to a type of issue; null for one without a type. */
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
    phases: phasesOf(phases, file),
    templates: templatesOf(templates, file),
    loops: layerLoops(loops, context),
    gates: [
      ...mergedGates(gatesOf(gates, context), phaseGates(file.phases)),
      ...teamGates(context),
    ],
    parallel: (file.parallel ?? defaults.parallel).map((names, index) => ({
      names,
      at: file.parallel === undefined ? null : ['parallel', index],
    })),
    anyPhase: anyPhaseOf(file),
    plainPhases: new Set(namesOf(file.phases ?? defaults.phases)),
  };
}

function phasesOf(
  { value, at }: Part<LayerFile['phases']>,
  { phases: general }: Partial<LayerFile>,
): readonly LayerPhase[] {
  // A route only names phases; what they are is said where all phases are.
  const specs = general === undefined || Array.isArray(general) ? {} : general;
  const names = namesOf(value);
  return names.map((name, index) => {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    const key = Array.isArray(value) ? index : name;
    return {
      name,
      at: at === null ? null : [...at, key],
      tools: spec?.tools ?? null,
      persona: spec?.persona ?? null,
      isRequired: spec?.required ?? null,
    };
  });
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

/** Reports a phase that is in no list; true if it is in one. */
export function isPhase(
  name: string,
  { layer, context }: { readonly layer: Layer; readonly context: LayerContext },
  { at, message }: { readonly at: Origin; readonly message: string },
): boolean {
  if (layer.anyPhase.has(name)) return true;
  if (at !== null) {
    context.keyProblem(at, 'unknown-step', message, nearest(name, [...layer.anyPhase]));
  }
  return false;
}
