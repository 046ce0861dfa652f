import { readFronted, SkillFront } from './layer/front-matter.ts';
import type { LayerContext } from './layer/layer-context.ts';
import type { Right } from './layer/layer-schema.ts';
import type { Permissions } from './permissions.ts';

export interface Skill {
  readonly name: string;
  readonly text: string;
  readonly tools: readonly Right[];
}

/** All skills of a phase together; anything longer belongs in files that an agent reads itself. */
const MAX_CHARS = 40_000;

export function readSkills(context: LayerContext): readonly Skill[] {
  return context.own('skills/').flatMap((file) => {
    const read = readFronted(file, SkillFront, 'skill', context);
    if (read === null) return [];
    const { front, body } = read;
    const name = front.name ?? file.key.replace(/^.*\//, '').replace(/\.md$/, '');
    const occasion = [front.trigger ?? []].flat().join('; ');
    const lines = [
      `### ${name}`,
      front.description,
      occasion === '' ? '' : `Use it when: ${occasion}.`,
      front.output_format === 'json' ? 'Note its outcome as one JSON object.' : '',
      body.trim(),
    ];
    return [{ name, text: lines.filter((line) => line !== '').join('\n\n'), tools: front.tools }];
  });
}

/** The skills a phase has the rights for. */
export function skillText(skills: readonly Skill[], { allowed }: Permissions): string {
  const usable = skills.filter(({ tools }) => tools.every((tool) => has(tool, allowed)));
  const text = usable.map((skill) => skill.text).join('\n\n');
  if (text === '') return '';
  return `## Skills you can use\n\n${text.slice(0, MAX_CHARS)}`;
}

function has(tool: Right, allowed: ReadonlySet<string>): boolean {
  if (tool === 'execute') return [...allowed].some((name) => name.startsWith('code_execution.'));
  return allowed.has(`file_system.${tool}`);
}
