import type { z } from 'zod';
import type { Reading } from '../dialect.ts';
import { finishDefinition } from '../finish-definition.ts';
import { nameOfFile, workflowName } from '../workflow-name.ts';
import { accessFor } from './access.ts';
import { CommandFront, type Fronted, readFronted } from './layer/front-matter.ts';
import type { LayerContext } from './layer/layer-context.ts';

type Front = z.infer<typeof CommandFront>;

const PERSONA = 'Engineer';

/** Each file of `commands/` is a workflow of one step, started by its name. */
export function readCommands(context: LayerContext): Reading {
  const readings = context.own('commands/').flatMap((file) => {
    const read = readFronted(file, CommandFront, 'command', context);
    return read === null ? [] : [commandOf(read, context)];
  });
  return {
    definitions: readings.flatMap(({ definitions }) => definitions),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

function commandOf(read: Fronted<Front>, context: LayerContext): Reading {
  const { front, body, bodyLine, places, file } = read;
  const { folder } = context.source;
  const path = folder.prefix + file;
  const name = (front.name === undefined ? null : workflowName(front.name)) ?? nameOfFile(file);
  places.moveText(['steps', 0, 'prompt'], (line, column) => {
    const at = bodyLine + line - 1;
    return { line: at, column, endLine: at };
  });
  const native = {
    name: name ?? 'command',
    description: front.description,
    params: Object.fromEntries(front.parameters.map(paramOf)),
    steps: [
      {
        id: 'answer',
        agent: PERSONA,
        access: accessFor({
          executes: front.tools.includes('execute'),
          writes: front.tools.includes('write'),
        }),
        prompt: withParams(body, front),
      },
    ],
  };
  const finished = finishDefinition(
    { dialect: 'agentic-layer', path, native, positions: places },
    { ...folder, readFile: () => undefined },
  );
  return finished.ok
    ? { definitions: [finished.definition], problems: [] }
    : { definitions: [], problems: finished.problems };
}

function paramOf(parameter: Front['parameters'][number]): readonly [string, object] {
  if (typeof parameter === 'string') return [parameter, {}];
  const { name, ...rest } = parameter;
  return [name, rest];
}

/** `${name}` of a parameter of the command. */
function withParams(body: string, { parameters }: Front): string {
  const names = new Set(parameters.map((one) => (typeof one === 'string' ? one : one.name)));
  return body.replaceAll(/(\$?)\$\{([A-Za-z_]\w*)\}/g, (whole, escape: string, name: string) =>
    escape === '' && names.has(name) ? `{{ params["${name}"] | default("") }}` : whole,
  );
}
