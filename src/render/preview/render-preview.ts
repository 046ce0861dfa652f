import { KINDS } from '../../plan/kinds.ts';
import { fold } from '../comment/comment-frame.ts';
import { fencedBlock } from '../text/clean-block.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { formatCount, plural } from '../text/format.ts';
import type { Preview, PreviewGate, PreviewStep } from './preview.ts';

/** A preview as a comment: the diagram and the table open, the prompts folded. */
export function renderPreviewComment(preview: Preview): string {
  const { name, steps, tokens } = preview;
  const agents = steps.filter(({ kind }) => KINDS[kind].worker === 'agent').length;
  return [
    `**${cleanLine(name, 60)}** has ${plural(steps.length, 'step')}, ${agents} with an agent. Nothing was started. Its prompts have about ${formatCount(tokens)} tokens, without the repository and what earlier steps say.`,
    fold('Graph, gates and rights', overview(preview, MAX_COMMENT_LIST)),
    ...promptFolds(steps),
  ].join('\n\n');
}

const MAX_COMMENT_PROMPTS = 36_000;
/** Limit for each list in a comment. */
const MAX_COMMENT_LIST = 6_000;
const MAX_PROMPT = 8_000;

function promptFolds(steps: readonly PreviewStep[]): readonly string[] {
  const shown: string[] = [];
  let left = MAX_COMMENT_PROMPTS;
  const withPrompt = steps.filter(({ prompt }) => prompt !== null);
  for (const step of withPrompt) {
    const text = fold(
      `Prompt of ${code(step.key)}`,
      fencedBlock(step.prompt ?? '', 'text', MAX_PROMPT),
    );
    if (text.length > left) break;
    left -= text.length;
    shown.push(text);
  }
  const missing = withPrompt.length - shown.length;
  return missing === 0 ? shown : [...shown, `…and ${plural(missing, 'more prompt')}.`];
}

/** The same for a terminal or a file, with every prompt in full. */
export function renderPreview(preview: Preview, withPrompts: boolean): string {
  const head = [`# ${preview.name}`, preview.description, overview(preview)];
  const prompts = withPrompts ? preview.steps.flatMap(promptSection) : [];
  const total = `Prompts: about ${preview.tokens} tokens (characters / 4), without what earlier steps say.`;
  return [...head, ...prompts, total].filter((part) => part !== '').join('\n\n');
}

function promptSection({ key, system, prompt, problem, tokens }: PreviewStep): readonly string[] {
  if (problem !== null) return [`## Prompt of ${key}`, `Cannot be rendered: ${problem}`];
  if (prompt === null) return [];
  const persona =
    system === null || system === '' ? [] : ['Persona:', fencedBlock(system, 'text', MAX_FULL)];
  return [
    `## Prompt of ${key} (about ${tokens} tokens)`,
    ...persona,
    'Prompt:',
    fencedBlock(prompt, 'text', MAX_FULL),
  ];
}

const MAX_FULL = 1_000_000;

function overview(
  { diagram, steps, loops, layers, finalisers }: Preview,
  maxList = MAX_FULL,
): string {
  const order = [
    ...layers.map((layer, at) => `${at + 1}. ${idList(layer)}`),
    ...(finalisers.length === 0 ? [] : [`- at the end, however it ends: ${idList(finalisers)}`]),
  ];
  const back = loops.map(
    ({ id, from, to, when, max }) =>
      `- ${code(id)}: after ${code(from)} back to ${code(to)} when ${code(when)}, at most ${plural(max, 'time')}`,
  );
  const head = ['| Step | Who | Rights | After | Gates | Tokens |', '|---|---|---|---|---|---|'];
  return [
    diagram === null ? '' : `\`\`\`mermaid\n${diagram}\n\`\`\``,
    [...head, ...within(steps.map(rowFor), maxList)].join('\n'),
    `Order (what stands together may run side by side):\n\n${within(order, maxList).join('\n')}`,
    back.length === 0 ? '' : `Ways back:\n\n${within(back, maxList).join('\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function idList(ids: readonly string[]): string {
  return ids.map((id) => code(id)).join(', ');
}

/** As many lines as fit, and how many do not. */
function within(lines: readonly string[], maxLength: number): readonly string[] {
  let left = maxLength;
  const cut = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return cut < 0 ? lines : [...lines.slice(0, cut), '', `…and ${lines.length - cut} more.`];
}

function rowFor(step: PreviewStep): string {
  const { key, kind, persona, model, execution, access, after, when, gates, tokens } = step;
  const ways = execution === 'main' ? ['shared conversation'] : [];
  const who = [persona ?? kind, ...(model === null ? [] : [model]), ...ways].join(', ');
  const conditions = [...after, ...(when === null ? [] : [`only if ${when}`])].join('; ');
  const decisions = gates.map(gateText).join('; ');
  const cells = [code(key), cell(who), cell(access ?? ''), cell(conditions), decisions];
  return `| ${cells.join(' | ')} | ${tokens === 0 ? '' : tokens} |`;
}

function cell(text: string): string {
  return cleanLine(text, 200);
}

function gateText({ moment, approvers, reviseTo }: PreviewGate): string {
  const { role, teams, users, count } = approvers;
  const who = [...teams, ...users].length === 0 ? role : [...teams, ...users].join(', ');
  const many = count === 1 ? '' : ` × ${count}`;
  const back = reviseTo === null ? '' : `, revision to ${reviseTo}`;
  return cell(`${moment}: ${who}${many}${back}`);
}
