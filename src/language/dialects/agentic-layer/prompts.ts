import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import { literalText } from '../literal-text.ts';
import type { Layer, LayerPhase } from './layer/layer.ts';
import type { LayerContext } from './layer/layer-context.ts';
import { KNOWN_PHASES } from './phases.ts';

export interface PhasePrompt {
  /** Template that includes the phase's file, or the one for its type of issue. */
  readonly template: string;
  /** Folder paths of the files it may include. */
  readonly files: readonly string[];
}

/** The prompt of a phase: the routed template, `prompts/<phase>.md`, or the shipped one. */
export function promptFor(
  { name: phase, at: phaseAt }: LayerPhase,
  layer: Layer,
  context: LayerContext,
  classifiedBy: string | null,
): PhasePrompt | null {
  const route = Object.hasOwn(layer.templates, phase) ? layer.templates[phase] : undefined;
  const plain = route?.fallback ?? `prompts/${phase}.md`;
  const at = route?.fallback == null ? null : route.at;
  const fallback =
    at === null ? usualFile(plain, phase, phaseAt, context) : fileFor(plain, at, context);
  const typed = Object.entries(route?.byType ?? {}).flatMap(([type, name]) => {
    const file = fileFor(name, [...(route?.at ?? []), type], context);
    return file === null ? [] : [[type, file] as const];
  });
  if (fallback === null) return null;
  const chosen = typed.find(([type]) => type === layer.type)?.[1];
  if (chosen !== undefined) return { template: include(chosen), files: [chosen] };
  if (layer.type !== null || classifiedBy === null || typed.length === 0) {
    return { template: include(fallback), files: [fallback] };
  }
  const branches = typed.map(
    ([type, file], index) =>
      `{% ${index === 0 ? 'if' : 'elif'} ${classifiedBy}.issue_type == ${JSON.stringify(type)} %}${include(file)}`,
  );
  return {
    template: `${branches.join('')}{% else %}${include(fallback)}{% endif %}`,
    files: [...typed.map(([, file]) => file), fallback],
  };
}

function include(file: string): string {
  return `{% include ${JSON.stringify(file)} %}`;
}

/** Name of the file for `include`; null and a problem if there is none. */
function fileFor(name: string, at: DataPath, context: LayerContext): string | null {
  const file = context.findPrompt(name);
  if (file !== null) return file.key;
  const message = `there is no file \`${context.root}${name}\` in the workflow folder.`;
  context.problem(at, 'missing-file', message, nearest(name, context.names('prompts/')));
  return null;
}

/** Where a prompt is if nobody says where. */
function usualFile(
  name: string,
  phase: string,
  at: DataPath | null,
  context: LayerContext,
): string | null {
  const file = context.findPrompt(name);
  if (file !== null) return file.key;
  const message = `phase \`${phase}\` needs a prompt: add the file \`${context.root}${name}\` to the workflow folder.`;
  const suggestion = nearest(phase, KNOWN_PHASES);
  context.problem(at ?? ['phases'], 'missing-file', message, suggestion);
  return null;
}

/** The prompt with what the layer adds to each phase; our own words are not a template. */
export function withSections(template: string, sections: readonly string[]): string {
  const added = sections.filter((section) => section !== '').map(literalText);
  return [template, ...added].join('\n\n');
}
