import type { OpenItem } from '../../engine/state/run.ts';
import { DATA_RULE, dataBlock, MAX_INJECTED } from './data-block.ts';

/** What the engine knows about this attempt that the author's prompt cannot name. */
export interface StepFacts {
  /** Why the previous attempt failed. */
  readonly lastFailure: string | null;
  /** The answer that sent the run back to this step: another step's, or its own earlier one. */
  readonly sentBack: { readonly by: string; readonly own: boolean; readonly text: string } | null;
  /** What earlier steps hand over, by name. */
  readonly handedOver: readonly { readonly name: string; readonly text: string }[];
  /** Conditions under which earlier work was approved, not yet met. */
  readonly openItems: readonly Pick<OpenItem, 'id' | 'text'>[];
  /** Its result can say which of them it has settled. */
  readonly mayResolve: boolean;
  readonly mayAsk: boolean;
}

/** Further sections of a prompt, or nothing. */
export function renderStepSections(facts: StepFacts, prompt: string): string {
  const { lastFailure, sentBack, handedOver, openItems, mayAsk } = facts;
  const sections = [
    lastFailure === null
      ? ''
      : `## Your last attempt failed\n\nDo not make the same mistake again.\n\n${dataBlock('last_failure', clip(lastFailure))}`,
    sentBack === null
      ? ''
      : `## ${sentBack.own ? 'Your earlier answer' : 'What sent this back'}\n\n${dataBlock(sentBack.by, clip(sentBack.text))}`,
    handedOver.length === 0
      ? ''
      : `## Handed over to you\n\n${handedOver.map(({ name, text }) => dataBlock(name, clip(text))).join('\n\n')}`,
    openItems.length === 0 ? '' : openItemsSection(openItems, facts.mayResolve),
    mayAsk
      ? '## Questions\n\nIf you cannot go on without something only people know, call the tool `ask_people` once with all your questions and end your turn. Do not guess, and do not ask what you can find out yourself.'
      : '',
  ].filter((section) => section !== '');
  const text = sections.join('\n\n');
  const needsRule = text.includes('<data name="') && !prompt.includes(DATA_RULE);
  return needsRule ? `${text}\n\n## About data\n\n${DATA_RULE}` : text;
}

function openItemsSection(items: StepFacts['openItems'], mayResolve: boolean): string {
  const rule =
    'Earlier work was approved under these conditions. Whatever of them falls to this step has to be met.';
  const report = mayResolve
    ? ' When you have settled one, so that nothing of it is left to do, put what stands in its brackets into the list `resolved_items` of your result. Leave the others out: they stay open for later steps and for people.'
    : '';
  const lines = items.map(({ id, text }) => `- [${id}] ${text}`);
  return `## Open items\n\n${rule}${report}\n\n${dataBlock('open_items', clip(lines.join('\n')))}`;
}

/** What an agent is told if its work is not done yet. */
export function renderFeedback(problems: readonly string[], needsResult: boolean): string {
  const again = needsResult ? ' Then hand in the whole result again with `submit_result`.' : '';
  return `## Not done yet\n\nYour work on this step was looked at. Do something about every point below.${again}\n\n${problems
    .map((problem, index) => dataBlock(`problem_${index + 1}`, clip(problem)))
    .join('\n\n')}\n\n${DATA_RULE}`;
}

/** Put before a prompt when a conversation could not be continued. */
export function renderLostSession(earlier: string, background: string): string {
  const parts = [
    background === '' ? '' : `## Background\n\n${background}`,
    earlier === ''
      ? ''
      : `## Your earlier answer\n\nThe conversation in which you gave it is lost.\n\n${dataBlock('earlier_answer', clip(earlier))}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function clip(text: string): string {
  if (text.length <= MAX_INJECTED) return text;
  return `${text.slice(0, MAX_INJECTED)}\n[${text.length - MAX_INJECTED} more characters left out]`;
}
