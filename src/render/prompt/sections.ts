import { splitKey } from '../../engine/state/node-key.ts';
import type { LoopContext, Run } from '../../engine/state/run.ts';
import { isObject, type JsonObject } from '../../plan/json.ts';
import { ofKind } from '../../plan/kinds.ts';
import type { AgentNode, Plan } from '../../plan/plan.ts';
import { changeSection } from './change-section.ts';
import { DATA_RULE, dataBlock, MAX_INJECTED } from './data-block.ts';
import type { PromptInput } from './prompt-input.ts';

/** What the engine adds below the author's prompt, in this order; empty sections are left out. */
export function promptSections(
  input: PromptInput,
  node: AgentNode,
  prompt: string,
): readonly string[] {
  const { frame, id } = splitKey(input.node);
  const loop = input.run.frames[frame]?.nodes[id]?.loopContext ?? null;
  const parts = [
    input.change == null ? '' : changeSection(input.change),
    backgroundSection(input, node),
    loop === null ? '' : loopSection(loop),
    accessSection(node),
    deliverySection(node),
    resultSection(node),
  ].filter((section) => section !== '');
  const hasData = [prompt, ...parts].some((text) => text.includes('<data name="'));
  return hasData ? [...parts, `## About data\n\n${DATA_RULE}`] : parts;
}

/** The workflow's background, once per conversation. */
function backgroundSection({ plan, run, node: key }: PromptInput, node: AgentNode): string {
  const text = plan.instructions ?? '';
  if (text === '') return '';
  const continues = node.session === 'continue' && visitOf(run, key) > 1;
  if (continues || (node.execution === 'main' && mainHasSpoken(plan, run, key))) return '';
  return `## Background\n\n${text.trim()}`;
}

function visitOf(run: Run, key: string): number {
  const { frame, id } = splitKey(key);
  return run.frames[frame]?.nodes[id]?.visit ?? 1;
}

/** Whether an earlier step has opened the conversation that this run's steps share. */
function mainHasSpoken(plan: Plan, run: Run, key: string): boolean {
  return Object.entries(run.frames).some(([frameId, frame]) =>
    (plan.graphs[frame.graph]?.nodes ?? []).some((other) => {
      if (ofKind(other, 'agent')?.execution !== 'main') return false;
      return frameId + other.id !== key && (frame.nodes[other.id]?.result ?? null) !== null;
    }),
  );
}

function loopSection(loop: LoopContext): string {
  const lines = [
    `## This is round ${loop.iteration} of at most ${loop.max}`,
    'Your earlier work on this step was sent back. Build on what is there, and do something about each point below.',
    ...loop.guidance.map(
      ({ by, text }) =>
        `${by} decided that it is done like this; follow it:\n${dataBlock('guidance', clip(text))}`,
    ),
    loop.failures.length === 0
      ? ''
      : `What failed:\n${dataBlock('failures', clip(loop.failures.map((line) => `- ${line}`).join('\n')))}`,
    loop.previousAttempts.length === 0
      ? ''
      : `Earlier attempts, which were not enough, so try something different:\n${dataBlock(
          'previous_attempts',
          clip(loop.previousAttempts.map((past) => `- ${past.visit}: ${past.headline}`).join('\n')),
        )}`,
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

function clip(text: string): string {
  return text.length <= MAX_INJECTED
    ? text
    : `${text.slice(0, MAX_INJECTED)}\n[${text.length - MAX_INJECTED} more characters left out]`;
}

const ACCESS: Readonly<Record<AgentNode['access'], string>> = {
  readonly:
    'You may read everything in the working directory, which is a checkout of the repository. You cannot change files there; do not try.',
  execute:
    'You may read everything in the working directory, which is a checkout of the repository, and run commands in it. Neither you nor a command can change files there; do not try. What a command must write goes to `$TMPDIR`.',
  edit: 'You may change files in the working directory, which is a checkout of the repository. Do not commit, push or touch `.git`: what you leave there is committed for you when you are done.',
  full: 'You may change files in the working directory, which is a checkout of the repository, and run any command in it. Do not commit, push or touch `.git`: what you leave there is committed for you when you are done.',
};

function accessSection(node: AgentNode): string {
  return `## Access\n\n${ACCESS[node.access]}`;
}

/** Files, hand-overs and checks the step is measured by. */
function deliverySection(node: AgentNode): string {
  const handoffs = node.handoffs.map(({ name, path, required }) => {
    const what = path ? `${name} (path of a file that exists)` : name;
    return required ? `${what}; if there is none, say why in ${name}_absence_reason` : what;
  });
  const lines = [
    ...node.report.map((file) => `- Write the file ${file}.`),
    ...handoffs.map((text) => `- Hand over ${text}.`),
    ...node.checks.map(
      ({ name }) => `- Afterwards the check "${name}" runs; if it fails, you get its output back.`,
    ),
  ];
  return lines.length === 0 ? '' : `## Deliver\n\n${lines.join('\n')}`;
}

const STATUSES =
  'approved, approved_with_conditions, approved_with_notes, needs_revision, rejected, blocked, completed, escalation_needed, stub_detected, skipped';

function resultSection(node: AgentNode): string {
  if (node.result === null) return '';
  const { schema, routingFields, statusField } = node.result;
  const lines = [
    '## Result',
    'When you are done, call the tool `submit_result` once with an object that fits this JSON Schema. The step counts only with an accepted result; if it is refused, correct it and call again.',
    `\`\`\`json\n${JSON.stringify(schema, null, 2)}\n\`\`\``,
    routingFields.length === 0
      ? ''
      : `What happens next depends on ${routingFields.join(', ')}; never leave them out.`,
    statusField === null || namesItsWords(schema, statusField)
      ? ''
      : `\`${statusField}\` is one of: ${STATUSES}.`,
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

/** A schema that lists the words itself allows fewer of them, and says so above. */
function namesItsWords({ properties = null }: JsonObject, field: string): boolean {
  if (!isObject(properties)) return false;
  const { [field]: property = null } = properties;
  return isObject(property) && 'enum' in property;
}
