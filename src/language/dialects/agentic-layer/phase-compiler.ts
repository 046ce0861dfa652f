import type { Criterion } from '../../../plan/plan.ts';
import type { NodeAmendment } from '../../native/syntax/definition.ts';
import { RESERVED_NAMES } from '../../native/syntax/prompt-names.ts';
import type { DataPath } from '../../problems/positions.ts';
import { Places } from '../places.ts';
import { type Autonomy, checkpointAfter, type Disposition, dispositionOf } from './autonomy.ts';
import { contractOf } from './contract.ts';
import type { NeededField } from './criteria.ts';
import { gatesFor, ownCriteria, type ReadGate } from './gates.ts';
import type { LayerPhase } from './layer/layer.ts';
import type { LayerRequest } from './layer-request.ts';
import type { JudgedPhase } from './loops.ts';
import { permissionText } from './permission-text.ts';
import { permissionFacts } from './permissions.ts';
import { phaseFacts } from './phases.ts';
import { promptFor, withSections } from './prompts.ts';
import { skillText } from './skills.ts';
import type { PhaseStage } from './stages.ts';

interface PhaseWork {
  readonly after: readonly string[];
  readonly disposition: Disposition;
  readonly fields: readonly NeededField[];
  readonly flaky: readonly string[];
  readonly finally?: boolean;
}

interface GateStep {
  readonly phase: string;
  readonly after: string;
  readonly criteria: readonly Criterion[];
  readonly disposition: Disposition;
}

/** Writes each phase as native steps: the work, the gates that judge it, the checkpoint after it. */
export class PhaseCompiler {
  readonly steps: object[] = [];
  readonly places: Places;
  readonly amendments = new Map<string, NodeAmendment>();
  readonly judged: JudgedPhase[] = [];
  readonly gates: ReadGate[] = [];
  /** Phase → files its prompt may include. */
  readonly promptFiles = new Map<string, readonly string[]>();
  readonly #request: LayerRequest;
  readonly #phases: ReadonlySet<string>;
  readonly #level: Autonomy | null;
  readonly #flaky: readonly string[];

  constructor(request: LayerRequest, phases: ReadonlySet<string>, level: Autonomy | null) {
    this.#request = request;
    this.#phases = phases;
    this.#level = level;
    this.places = new Places(request.context.source.positions);
    this.#flaky = request.layer.loops.flatMap(({ trigger, spec }) =>
      trigger.phase === 'test' ? spec.ignore : [],
    );
  }

  compile(stages: readonly PhaseStage[]): void {
    let before: readonly string[] = [];
    for (const [index, stage] of stages.entries()) {
      const next = stages[index + 1]?.[0]?.name ?? null;
      const after = before;
      before = stage.map((phase, place) => {
        const asked = place === stage.length - 1 ? next : null;
        return this.#phase(phase, { after, next: asked, stage: index });
      });
    }
    const monitor = this.#request.layer.phases.find(({ name }) => name === 'monitor');
    if (monitor !== undefined) this.#monitor(monitor);
  }

  /** Ids of the nodes after which the next phase starts. */
  #phase(
    phase: LayerPhase,
    order: { after: readonly string[]; next: string | null; stage: number },
  ): string {
    const { layer, context } = this.#request;
    const { name } = phase;
    this.#checkName(phase);
    const gates = gatesFor({
      phase: name,
      next: order.next,
      layer,
      knownFlaky: this.#flaky,
      context,
    });
    const [first] = gates.filter(({ blocks }) => blocks);
    const flaky = first?.flaky ?? this.#flaky;
    const own = ownCriteria(name, flaky, first?.criteria ?? []);
    const disposition = dispositionOf(phase, this.#level);
    const fields = [...gates.flatMap((gate) => gate.fields), ...own.fields];
    this.#work(phase, { after: order.after, disposition, fields, flaky });
    let last = name;
    let judge: string | null = null;
    if (first === undefined && own.criteria.length > 0) {
      judge = this.#gate(null, { phase: name, after: last, disposition, criteria: own.criteria });
      last = judge;
    }
    for (const gate of gates) {
      const criteria = gate === first ? [...gate.criteria, ...own.criteria] : gate.criteria;
      last = this.#gate(gate, { phase: name, after: last, disposition, criteria });
      if (gate === first) judge = last;
    }
    this.judged.push({ name, judge, gate: first ?? null, stage: order.stage });
    this.gates.push(...gates);
    return this.#checkpoint(name, last);
  }

  #checkName({ name, at }: LayerPhase): void {
    if (!RESERVED_NAMES.has(name)) return;
    const message = `\`${name}\` means something already in prompts and conditions; name the phase differently.`;
    this.#request.context.problem(at ?? ['phases'], 'conflict', message);
  }

  #work(phase: LayerPhase, work: PhaseWork): void {
    const { name, at, persona } = phase;
    const facts = phaseFacts(name);
    const permissions = this.#request.permissions(phase);
    this.#place(at ?? ['phases']);
    this.amendments.set(name, { meta: { permissions: permissionFacts(permissions) } });
    this.steps.push({
      id: name,
      agent: persona ?? facts.persona,
      depends_on: work.after,
      access: permissions.access,
      prompt: this.#prompt(phase, work.flaky),
      result: { schema: contractOf(facts, work.fields) },
      status_field: 'status',
      routing_fields: ['status'],
      finally: work.finally ?? false,
      ...words(work.disposition),
    });
  }

  #prompt(phase: LayerPhase, flaky: readonly string[]): string {
    const { layer, context, skills } = this.#request;
    const classifiedBy = this.#phases.has('intent') && phase.name !== 'intent' ? 'intent' : null;
    const prompt = promptFor(phase, layer, context, classifiedBy);
    const permissions = this.#request.permissions(phase);
    this.promptFiles.set(phase.name, prompt?.files ?? []);
    return withSections(prompt?.template ?? '{{ task }}', [
      permissionText(permissions),
      phase.name === 'test' ? flakyText(flaky) : '',
      skillText(skills, permissions),
    ]);
  }

  #gate(gate: ReadGate | null, { phase, after, criteria, disposition }: GateStep): string {
    const id = this.#freeId(gate?.key.startsWith('before_') === true ? gate.key : `after_${phase}`);
    const { at = null } = gate ?? {};
    this.#place(at ?? ['phases']);
    this.amendments.set(id, { criteria });
    this.steps.push({
      id,
      ...(gate === null ? {} : { title: `Gate ${gate.name}`.slice(0, 100) }),
      depends_on: [after],
      gate: {
        of: phase,
        // What is judged comes with the amendment: criteria may nest, which native keys cannot.
        criteria: {},
        severity: gate === null || gate.blocks ? 'error' : 'warning',
      },
      ...words(disposition),
    });
    return id;
  }

  #checkpoint(phase: string, after: string): string {
    const checkpoint = checkpointAfter(phase, this.#level, this.#request.file);
    if (checkpoint === null) return after;
    const id = this.#freeId(`approve_${phase}`);
    this.#place(checkpoint.at ?? ['autonomy']);
    this.steps.push({
      id,
      title: `Checkpoint after ${phase}`,
      depends_on: [after],
      approval: { of: phase, expire: checkpoint.expire, revise: { to: phase } },
    });
    return id;
  }

  /** Looks back at the run whatever happened to it, and changes nothing about its end. */
  #monitor(phase: LayerPhase): void {
    this.#work(phase, {
      after: [],
      disposition: 'optional',
      fields: [],
      flaky: [],
      finally: true,
    });
  }

  #freeId(wanted: string): string {
    const taken = new Set(this.steps.map((step) => ('id' in step ? step.id : '')));
    let id = wanted;
    for (let count = 2; taken.has(id) || this.#phases.has(id); count += 1)
      id = `${wanted}_${count}`;
    return id;
  }

  /** The next step represents what is written at this place. */
  #place(at: DataPath): void {
    this.places.move(['steps', this.steps.length], at);
  }
}

function flakyText(flaky: readonly string[]): string {
  if (flaky.length === 0) return '';
  const list = flaky.map((id) => `- ${id}`).join('\n');
  return `## Tests known to be flaky\n\nTheir failures do not count; list them in \`flaky_failures\` as well as in \`failures\`.\n\n${list}`;
}

function words(disposition: Disposition): object {
  if (disposition === 'required') return {};
  return disposition === 'optional' ? { optional: true } : { checkpoint: true };
}
