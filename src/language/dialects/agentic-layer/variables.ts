import { literalText } from '../literal-text.ts';
import type { LayerPhase } from './layer/layer.ts';

/** Names other than `<phase>` and `<phase>_artifact` by which prompts know what a phase made. */
const ARTIFACTS: Readonly<Record<string, string>> = {
  build_report: 'build',
  test_results: 'test',
  test_report: 'test',
  review_results: 'review',
  review_verdict: 'review',
  review_issues: 'review',
  documentation: 'document',
};

const FACTS: Readonly<Record<string, string>> = {
  raw_request: 'task',
  issue_description: 'task',
  issue_title: 'subject.title',
  issue_number: 'subject.number',
  issue_type: 'params.issue_type | default("not classified")',
  branch_name: 'branch',
  project_name: 'repository.name',
  max_retries: 'loop_context.max | default(0)',
  review_iteration: 'loop_context.iteration | default(0)',
  previous_patches: 'loop_context.previous_attempts | default("none")',
  failure_history: 'loop_context.failures | default("none")',
};

/** What nobody prepares: the agent finds it out itself. */
const SELF_SERVICE: Readonly<Record<string, string>> = {
  codebase_summary: '(not prepared: read the repository)',
  relevant_files: '(not prepared: search the repository)',
  test_commands: '(not prepared: see how the repository runs its tests)',
  dependency_graph: '(not prepared: read the manifests of the repository)',
};

const PLACEHOLDER = /(\$?)\$\{([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)\}/g;

/** The output a name stands for in this layer; null if it is not an artefact of a phase. */
export function phaseArtefact(name: string, phases: ReadonlySet<string>): string | null {
  if (phases.has(name)) return name;
  const known = Object.hasOwn(ARTIFACTS, name) ? ARTIFACTS[name] : undefined;
  if (known !== undefined) return known;
  const phase = name.replace(/_artifact$/, '');
  return phase !== name && phase !== '' ? phase : null;
}

/** Puts the meaning of the layer's own variables into a prompt; all other names stay as they are. */
export function resolveVariables(
  text: string,
  phases: ReadonlySet<string>,
  type: string | null,
): string {
  return text.replaceAll(PLACEHOLDER, (whole, escape: string, name: string, fields: string) => {
    if (escape === '$') return whole;
    if (name === 'issue_type' && type !== null) return literalText(type);
    if (Object.hasOwn(SELF_SERVICE, name)) return SELF_SERVICE[name] ?? whole;
    if (Object.hasOwn(FACTS, name)) return `{{ ${FACTS[name]} }}`;
    const phase = phaseArtefact(name, phases);
    if (phase === null) return whole;
    if (!phases.has(phase)) return `(there is no ${phase} phase)`;
    return `{{ outputs["${phase}"]${fields} | default("(nothing yet)") }}`;
  });
}

/** Phases whose artefacts a prompt asks for. */
export function artefactsIn(text: string, phases: ReadonlySet<string>): readonly string[] {
  const names = [...text.matchAll(PLACEHOLDER)].flatMap(([, escape, name]) =>
    escape === '$' || name === undefined ? [] : [phaseArtefact(name, phases)],
  );
  return [...new Set(names.filter((name) => name !== null))];
}

export function phaseNames(stages: readonly (readonly LayerPhase[])[]): ReadonlySet<string> {
  return new Set(stages.flat().map(({ name }) => name));
}
