import { readYaml } from '../../../problems/read-yaml.ts';
import { isShape } from '../../shape.ts';
import type { LayerContext, LayerTeam } from './layer-context.ts';
import type { LayerGate } from './layer-gates.ts';
import type { LayerFile } from './layer-schema.ts';

/** The teams of a layer that have their own directory; one without files is reported. */
export function teamsOf(
  { teams }: Partial<LayerFile>,
  context: LayerContext,
): readonly LayerTeam[] {
  return Object.entries(teams ?? {}).flatMap(([name, { override_dir: given }]) => {
    const folder = `${given.replace(/^\.\//, '').replace(/\/+$/, '')}/`;
    const root = context.root + folder;
    if (Object.keys(context.source.folder.files).some((file) => file.startsWith(root))) {
      return [{ name, folder }];
    }
    const message = `there is no directory \`${root}\` in the workflow folder.`;
    context.problem(['teams', name, 'override_dir'], 'missing-file', message);
    return [];
  });
}

/** The gates in the team's directory, which are added to those of the layer. */
export function teamGates({ source, root, team }: LayerContext): readonly LayerGate[] {
  if (team === null) return [];
  const folder = `${root}${team.folder}gates/`;
  return Object.entries(source.folder.files)
    .filter(([file]) => file.startsWith(folder) && /\.ya?ml$/.test(file))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([file, text]) => {
      const own = file.slice(folder.length).replace(/\.ya?ml$/, '');
      const [, when, phase] = /^(?:(after|before)[_-])?(.+)$/.exec(triggerIn(text) ?? own) ?? [];
      return {
        key: `${when ?? 'after'}_${phase ?? own}`,
        at: ['teams', team.name],
        phase: phase ?? own,
        when: when === 'before' ? 'before' : 'after',
        entry: file.slice(root.length),
      };
    });
}

/** What a gate file says it comes after or before; its other faults are reported when it is read. */
function triggerIn(text: string): string | null {
  const yaml = readYaml(text, '');
  if (!yaml.ok || !isShape(yaml.data)) return null;
  const { trigger } = yaml.data;
  return typeof trigger === 'string' ? trigger : null;
}
