import type { WorkflowDefinition } from '../../native/syntax/definition.ts';
import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import type { DialectReader, Reading, Source } from '../dialect.ts';
import type { Finished } from '../finish-definition.ts';
import { isShape } from '../shape.ts';
import { LAYER_FILES, LAYER_NAME, nameOfFile, workflowName } from '../workflow-name.ts';
import { readCommands } from './commands.ts';
import { compileLayer } from './compile-layer.ts';
import { isPhase, type Layer, layerFor } from './layer/layer.ts';
import { LayerContext } from './layer/layer-context.ts';
import type { LayerFile } from './layer/layer-schema.ts';
import { soundParts } from './layer/sound-parts.ts';
import { teamsOf } from './layer/teams.ts';
import { checkOverrides, permissionsOf } from './permissions.ts';
import { readSkills } from './skills.ts';

/** The Agentic Layer: phases with gates, loops and rights around them, in `workflow.yaml`. */
export const AGENTIC_LAYER: DialectReader = {
  dialect: 'agentic-layer',
  recognises: (data) =>
    isShape(data) && !('steps' in data) && ('phases' in data || 'preset' in data),
  read,
};

function read(source: Source): Reading {
  const context = new LayerContext(source);
  const file = soundParts(context);
  const compiled = file === null ? [] : compileAll(file, context);
  const teams = file === null ? {} : compileTeams(file, context);
  const commands = readCommands(context);
  const problems = [...context.problems, ...commands.problems];
  const main = problems.length === 0 ? whole(compiled, context) : null;
  const own = main === null ? [] : [Object.keys(teams).length === 0 ? main : { ...main, teams }];
  return { definitions: [...own, ...commands.definitions], problems };
}

/** The layer as it applies to each of its teams. What is wrong with all of them is told once. */
function compileTeams(
  file: Partial<LayerFile>,
  context: LayerContext,
): Readonly<Record<string, WorkflowDefinition>> {
  const found = teamsOf(file, context).flatMap((team) => {
    const own = new LayerContext(context.source, team);
    const definition = whole(compileAll(file, own), own);
    context.take(own);
    return definition === null ? [] : [[team.name, definition] as const];
  });
  return Object.fromEntries(found);
}

interface Compiled {
  readonly type: string | null;
  readonly definition: WorkflowDefinition;
}

function compileAll(file: Partial<LayerFile>, context: LayerContext): readonly Compiled[] {
  const types = typesOf(file, context);
  const permissions = permissionsOf(file, context);
  const skills = readSkills(context);
  const name = nameOf(file, context);
  const compiled: Compiled[] = [];
  for (const type of [null, ...types]) {
    const layer = layerFor(file, type, context);
    if (type === null) checkNames(file, layer, context);
    const finished: Finished | null = compileLayer({
      file,
      layer,
      name,
      types,
      context,
      permissions,
      skills,
    });
    if (finished === null) continue;
    if (finished.ok) compiled.push({ type, definition: finished.definition });
    else context.problems.push(...finished.problems);
  }
  return compiled;
}

function whole(
  [main, ...variants]: readonly Compiled[],
  { warnings, parts }: LayerContext,
): WorkflowDefinition | null {
  if (main === undefined) return null;
  const byType = variants.flatMap(({ type, definition: variant }) =>
    type === null ? [] : [[type, variant] as const],
  );
  return {
    ...main.definition,
    warnings,
    parts,
    ...(byType.length === 0 ? {} : { variants: Object.fromEntries(byType) }),
  };
}

/** Types of issues for which something is different. */
function typesOf(file: Partial<LayerFile>, context: LayerContext): readonly string[] {
  const { templates } = layerFor({ ...file, loops: {} }, null, new LayerContext(context.source));
  const routed = Object.values(templates).flatMap(({ byType }) => Object.keys(byType));
  return [...new Set([...Object.keys(file.routing ?? {}), ...routed])].toSorted();
}

/** A layer beside its prompts is the delivery pipeline; among workflows it is named after its file. */
function nameOf({ name }: Partial<LayerFile>, { source }: LayerContext): string {
  const given = name === undefined ? null : workflowName(name);
  const file = LAYER_FILES.test(source.file) ? null : nameOfFile(source.file);
  return given ?? file ?? LAYER_NAME;
}

/** What the file says about phases it does not have. */
function checkNames(file: Partial<LayerFile>, layer: Layer, context: LayerContext): void {
  const check = (phase: string, at: DataPath | null): void => {
    isPhase(phase, { layer, context }, { at, message: `there is no phase \`${phase}\`.` });
  };
  for (const phase of Object.keys(file.templates ?? {})) check(phase, ['templates', phase]);
  for (const { phase, at } of layer.gates) check(phase, at);
  for (const key of Object.keys(file.checkpoints ?? {})) {
    check(key.replace(/^after_/, ''), ['checkpoints', key]);
  }
  checkOverrides(file, layer.anyPhase, context);
  checkRoutes(file, context);
  if (file.monitoring !== undefined) {
    const message = 'nothing is measured over many runs yet; `monitoring` alerts nobody.';
    context.warn(['monitoring'], message);
  }
  const { length } = layer.phases;
  const at = layer.phases.findIndex(({ name }) => name === 'monitor');
  const monitor = layer.phases[at];
  if (monitor?.at != null && at < length - 1) {
    context.warn(monitor.at, '`monitor` runs at the end of the run, wherever it stands.');
  }
}

function checkRoutes(file: Partial<LayerFile>, context: LayerContext): void {
  for (const [type, { phases, gates }] of Object.entries(file.routing ?? {})) {
    const at = ['routing', type];
    if (phases !== undefined && !phases.includes('review') && type !== 'spike') {
      context.warn([...at, 'phases'], `issues of type \`${type}\` are not reviewed.`);
    }
    if (phases === undefined) continue;
    for (const key of Object.keys(gates ?? {})) {
      const phase = key.replace(/^(?:after|before)_/, '');
      if (phases.includes(phase)) continue;
      const message = `issues of type \`${type}\` have no phase \`${phase}\`.`;
      context.keyProblem([...at, 'gates', key], 'unknown-step', message, nearest(phase, phases));
    }
  }
}
