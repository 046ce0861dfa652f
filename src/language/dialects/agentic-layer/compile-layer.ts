import { type Finished, finishDefinition } from '../finish-definition.ts';
import { autonomyOf } from './autonomy.ts';
import { defaultsFor } from './layer/defaults-for.ts';
import type { LayerRequest } from './layer-request.ts';
import { loopsFor } from './loops.ts';
import { checkParallelNeeds } from './parallel-needs.ts';
import { PhaseCompiler } from './phase-compiler.ts';
import { amendedPolicies, escalationFor } from './policies.ts';
import { stagesOf } from './stages.ts';
import { phaseNames, resolveVariables } from './variables.ts';

/** Compiles a layer as it applies to one type of issue. Its problems are in the context. */
export function compileLayer(request: LayerRequest): Finished | null {
  const { file, layer, name, types, context } = request;
  const known = context.problems.length;
  const stages = stagesOf(layer, context);
  const phases = phaseNames([...stages, layer.phases.filter((phase) => phase.name === 'monitor')]);
  const compiler = new PhaseCompiler(request, phases, autonomyOf(file, context));
  compiler.compile(stages);
  checkParallelNeeds(stages, phases, compiler.promptFiles, context);
  const loops = loopsFor({ layer, phases: compiler.judged, context });
  const escalation = escalationFor(
    file.escalation ?? defaultsFor(file.preset).escalation ?? {},
    phases,
    context,
  );
  const policies = amendedPolicies(file, escalation, compiler.gates, context);
  if (context.problems.length > known || compiler.steps.length === 0) return null;
  const { path, folder } = context.source;
  const native = {
    name,
    description: file.description ?? `Phases: ${[...phases].join(', ')}.`,
    params: { issue_type: issueTypeParam(types) },
    autonomy: autonomyOf(file, context) ?? 'autonomous',
    escalation,
    follow_up_issue: file.follow_up_issue ?? false,
    steps: compiler.steps,
  };
  return finishDefinition(
    {
      dialect: 'agentic-layer',
      path,
      native,
      loops,
      positions: compiler.places,
      amendments: { nodes: Object.fromEntries(compiler.amendments), policies },
    },
    { ...folder, readFile: (key) => readResolved(key, phases, request) },
  );
}

function issueTypeParam(types: readonly string[]): object {
  return {
    description: 'Decides which prompts and phases are used; told by the labels if left out.',
    ...(types.length === 0 ? {} : { choices: types }),
  };
}

function readResolved(
  key: string,
  phases: ReadonlySet<string>,
  { context, layer }: LayerRequest,
): string | undefined {
  const { files, defaults } = context.source.folder;
  const text = Object.hasOwn(files, key)
    ? files[key]
    : Object.hasOwn(defaults, key)
      ? defaults[key]
      : undefined;
  return text === undefined ? undefined : resolveVariables(text, phases, layer.type);
}
