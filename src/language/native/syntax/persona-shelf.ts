import type { Persona } from '../../../plan/plan.ts';
import type { WorkflowDefinition } from './definition.ts';

/** Hands out personas by name and remembers the key under which each belongs to the plan. */
export class PersonaShelf {
  readonly #shared: Readonly<Record<string, Persona>>;
  readonly #taken = new Map<string, Persona>();

  constructor(shared: Readonly<Record<string, Persona>>) {
    this.#shared = shared;
  }

  /** A workflow's own persona beats a shared one of the same name. */
  take(name: string, definition: WorkflowDefinition): { key: string; persona: Persona } | null {
    const persona = inlinePersona(name, definition) ?? own(this.#shared, name);
    if (persona === undefined) return null;
    // Two workflows may use one name for different personas; the second gets the longer key.
    const kept = this.#taken.get(name);
    const same = kept === undefined || JSON.stringify(kept) === JSON.stringify(persona);
    const key = same ? name : `${definition.spec.name}/${name}`;
    this.#taken.set(key, persona);
    return { key, persona };
  }

  taken(): Readonly<Record<string, Persona>> {
    return Object.fromEntries(this.#taken);
  }

  namesFor({ spec }: WorkflowDefinition): readonly string[] {
    return [...Object.keys(spec.personas), ...Object.keys(this.#shared)];
  }
}

function inlinePersona(name: string, { spec, files }: WorkflowDefinition): Persona | undefined {
  const inline = own(spec.personas, name);
  if (inline === undefined) return undefined;
  return {
    name,
    description: inline.description,
    systemPrompt: inline.prompt ?? files[inline.prompt_file ?? ''] ?? '',
    model: inline.model ?? null,
    access: inline.access ?? null,
  };
}

function own<Value>(map: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
