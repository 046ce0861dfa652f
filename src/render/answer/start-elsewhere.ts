import type { Workflow } from '../../language/native/schema/workflow.ts';
import { entranceOf } from '../../language/native/syntax/entrances.ts';
import { cleanLine, code } from '../text/clean-text.ts';

type Named = Pick<Workflow, 'name' | 'on'>;

/** How people start a workflow, as it must be set or typed. */
function waysIn(spec: Named, prefix: string): readonly string[] {
  const label = entranceOf(spec, 'label');
  const command = entranceOf(spec, 'command');
  return [
    ...(label === null ? [] : [`the label ${code(`${prefix}:${label.name}`)}`]),
    ...(command === null ? [] : [code(`/${prefix} run ${command.name}`)]),
  ];
}

/** The workflow exists but does not start by that name in that way. */
export function renderElsewhere(spec: Named, prefix: string): string {
  const ways = waysIn(spec, prefix);
  const how = ways.length === 0 ? 'neither by a label nor by a command' : `by ${ways.join(' or ')}`;
  return `Not started like this: ${code(spec.name)} is started ${how}.`;
}

/** Two files claim the same word, and guessing could start the wrong one. */
export function renderSeveralWorkflows(wanted: string, names: readonly string[]): string {
  const list = names.slice(0, 10).map((name) => code(cleanLine(name, 60)));
  return `Not started: ${code(wanted)} means ${list.join(' and ')} here. One of them needs another name in its \`on\`.`;
}
