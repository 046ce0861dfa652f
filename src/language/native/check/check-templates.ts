import { didYouMean, nearest } from '../../problems/nearest.ts';
import type { DataPath, Position } from '../../problems/positions.ts';
import { parseTemplate } from '../../template/parse-template.ts';
import type { TextPosition } from '../../template/template-ast.ts';
import { TemplateError } from '../../template/template-error.ts';
import { findUses, type NameUse, type TemplateUses } from '../../template/template-names.ts';
import type { Step } from '../schema/step.ts';
import { isFolderPath } from '../syntax/folder-path.ts';
import { outputsInSight } from '../syntax/outputs-in-sight.ts';
import { FIELDS_OF_NAMES, PROMPT_NAMES } from '../syntax/prompt-names.ts';
import type { Link } from '../syntax/step-links.ts';
import { outputsOf, type PlacedStep, type StepScope } from '../syntax/step-scope.ts';
import { type CheckContext, report } from './check-context.ts';

/** What a template may read in its place. */
interface TemplateNames {
  readonly names: ReadonlySet<string>;
  readonly outputs: readonly string[];
  /** Outputs of steps that are not done by then, for a better message. */
  readonly later: ReadonlyMap<string, string>;
}

/** Every template of a scope: prompts, shell lines, parameters of calls. */
export function checkTemplates(
  scope: StepScope,
  links: readonly Link[],
  context: CheckContext,
): void {
  const makers = makersOf(scope);
  for (const placed of scope.steps) {
    const names = namesFor(placed.step, scope, links, makers);
    for (const { text, at } of templatesOf(placed)) {
      checkText(text, names, context, (place) => locateInYaml(context, at, place), []);
    }
    const { prompt_file: file } = placed.step;
    if (file !== undefined) checkFile(file, [...placed.path, 'prompt_file'], names, context);
  }
}

function namesFor(
  step: Step,
  scope: StepScope,
  links: readonly Link[],
  later: ReadonlyMap<string, string>,
): TemplateNames {
  const outputs = outputsInSight(step, scope, links);
  const base = Object.keys(PROMPT_NAMES).filter(
    (name) => name !== 'index' || scope.itemNames.length > 0,
  );
  return { names: new Set([...base, ...scope.itemNames, ...outputs]), outputs, later };
}

/** Output → the step that makes it. */
function makersOf(scope: StepScope): ReadonlyMap<string, string> {
  const pairs = scope.steps.flatMap(({ step }) =>
    outputsOf(step).map((name) => [name, step.id] as const),
  );
  return new Map(pairs);
}

/** Every template in the step itself. */
export function templatesOf({ step, path }: PlacedStep): readonly { text: string; at: DataPath }[] {
  const run = typeof step.run === 'string' ? { text: step.run, at: [...path, 'run'] } : null;
  const line =
    typeof step.run === 'object' ? { text: step.run.line, at: [...path, 'run', 'line'] } : null;
  const message = step.commit === undefined ? null : { text: step.commit, at: [...path, 'commit'] };
  const checks = step.checks.map((check, index) => {
    const at = [...path, 'checks', index, 'run'];
    return typeof check.run === 'string'
      ? { text: check.run, at }
      : { text: check.run.line, at: [...at, 'line'] };
  });
  const params = Object.entries(step.call?.params ?? {}).map(([name, text]) => ({
    text,
    at: [...path, 'call', 'params', name],
  }));
  const prompt = step.prompt === undefined ? null : { text: step.prompt, at: [...path, 'prompt'] };
  return [prompt, run, line, message, ...checks, ...params].filter((item) => item !== null);
}

function checkFile(file: string, at: DataPath, names: TemplateNames, context: CheckContext): void {
  const text = openFile(file, context);
  if (typeof text !== 'string') {
    return report(context, { code: 'missing-file', at, message: text.problem });
  }
  checkText(text, names, context, (place) => ({ path: file, ...place }), [file]);
}

/** The text of a file of the workflow folder, noted as used, or why there is none. */
export function openFile(
  file: string,
  context: CheckContext,
): string | { readonly problem: string } {
  if (!isFolderPath(file)) {
    return {
      problem: `\`${file}\` leads out of the workflow folder; name a file inside it, such as prompts/plan.md.`,
    };
  }
  const text = context.readFile(file);
  if (text === undefined)
    return { problem: `there is no file \`${file}\` in the workflow folder.` };
  context.files.set(file, text);
  return text;
}

type Locate = (place: TextPosition) => TextPosition & { readonly path: string };

function locateInYaml(
  context: CheckContext,
  at: DataPath,
  place: TextPosition,
): Position & { readonly path: string } {
  return { path: context.path, ...context.positions.inText(at, place.line, place.column) };
}

function checkText(
  text: string,
  names: TemplateNames,
  context: CheckContext,
  locate: Locate,
  trail: readonly string[],
): void {
  const uses = readUses(text, context, locate);
  if (uses === null) return;
  for (const use of uses.names) checkName(use, names, context, locate);
  for (const { file, at, optional } of uses.includes) {
    const inner = openFile(file, context);
    if (typeof inner !== 'string') {
      if (!optional || !isFolderPath(file)) {
        add(context, locate(at), 'missing-file', inner.problem);
      }
    } else if (trail.includes(file)) {
      const chain = [...trail, file].join(' → ');
      add(context, locate(at), 'cycle', `files include each other: ${chain}.`);
    } else {
      checkText(inner, names, context, (place) => ({ path: file, ...place }), [...trail, file]);
    }
  }
}

function readUses(text: string, context: CheckContext, locate: Locate): TemplateUses | null {
  try {
    return findUses(parseTemplate(text));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    add(
      context,
      locate(error),
      'template',
      error.message.endsWith('?') ? error.message : `${error.message}.`,
    );
    return null;
  }
}

function add(
  context: CheckContext,
  place: TextPosition & { readonly path: string },
  code: 'template' | 'missing-file' | 'cycle' | 'unknown-variable',
  message: string,
  suggestion: string | null = null,
): void {
  context.problems.push({
    ...place,
    code,
    message: message + didYouMean(suggestion),
    ...(suggestion === null ? {} : { suggestion }),
  });
}

function checkName(
  use: NameUse,
  names: TemplateNames,
  context: CheckContext,
  locate: Locate,
): void {
  const [first = '', second] = use.path;
  if (first === 'params' && second !== undefined && second !== '*') {
    if (Object.hasOwn(context.params, second)) return;
    const suggestion = nearest(second, Object.keys(context.params));
    const message = `there is no parameter \`${second}\`; declare it under \`params\`.`;
    return add(context, locate(use.at), 'unknown-variable', message, suggestion);
  }
  const byOutputs = first === 'outputs' && second !== undefined && second !== '*';
  const name = byOutputs ? second : first;
  const known = byOutputs ? new Set(names.outputs) : names.names;
  if (known.has(name)) return checkField(use, byOutputs, context, locate);
  if (use.guarded || context.partial) return;
  const step = names.later.get(name);
  const message =
    step === undefined
      ? `nothing is called \`${name}\` here.`
      : `\`${name}\` is made by step \`${step}\`, which this step does not wait for or see; add it to \`depends_on\`.`;
  const suggestion = step === undefined ? suggest(name, known) : null;
  add(context, locate(use.at), 'unknown-variable', message, suggestion);
}

/** Names of ours have only the fields listed for them. */
function checkField(
  { path, at, guarded }: NameUse,
  byOutputs: boolean,
  context: CheckContext,
  locate: Locate,
): void {
  const [name = '', field = '*'] = path;
  const fields = Object.hasOwn(FIELDS_OF_NAMES, name) ? FIELDS_OF_NAMES[name] : undefined;
  if (byOutputs || guarded || fields === undefined) return;
  if (['*', ...fields].includes(field)) return;
  const text = field === 'length' ? `it is text, and \`${name} | length\` counts it` : 'it is text';
  const has = fields.length === 0 ? text : `it has ${fields.join(', ')}`;
  const message = `\`${name}\` has no field \`${field}\`; ${has}.`;
  add(context, locate(at), 'unknown-variable', message, nearest(field, fields));
}

/** A name with a hyphen is parsed as a subtraction, so only part of it arrives here. */
function suggest(name: string, known: ReadonlySet<string>): string | null {
  const hyphened = [...known].find((candidate) => candidate.startsWith(`${name}-`));
  return hyphened === undefined ? nearest(name, known) : `outputs["${hyphened}"]`;
}
