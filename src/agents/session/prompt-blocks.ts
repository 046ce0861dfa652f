import type { ContentBlock } from '@agentclientprotocol/sdk/unstable';
import type { AgentRequest } from '../agent.ts';
import { RESULT_TOOL } from './result-tool.ts';

export interface PromptParts
  extends Pick<AgentRequest, 'prompt' | 'systemPrompt' | 'resultSchema'> {
  /** The agent already took the persona as its system prompt. */
  hasSystemPrompt: boolean;
  hasTools: boolean;
}

/** The blocks of a step's prompt: the persona if it has no better place, the task, and how to submit the result. */
export function promptBlocks(parts: PromptParts): ContentBlock[] {
  const { prompt, systemPrompt, resultSchema, hasSystemPrompt, hasTools } = parts;
  const persona = hasSystemPrompt ? undefined : systemPrompt;
  const ending = resultSchema === undefined ? undefined : resultInstruction(resultSchema, hasTools);
  return [persona, prompt, ending]
    .filter((text): text is string => text !== undefined && text !== '')
    .map((text) => textBlock(text));
}

/** Prompts an agent again that finished without an accepted result. */
export function reminderBlocks(
  problems: readonly string[] | undefined,
  hasTools: boolean,
): ContentBlock[] {
  const how = hasTools
    ? `Call the tool ${RESULT_TOOL} now.`
    : 'Answer now with one ```json block that holds it.';
  const why =
    problems === undefined ? '' : `\nThe last one had these problems:\n${problems.join('\n')}`;
  return [textBlock(`You have not handed in an accepted result for this step. ${how}${why}`)];
}

function resultInstruction(schema: unknown, hasTools: boolean): string {
  const json = JSON.stringify(schema);
  if (!hasTools)
    return `End your answer with one \`\`\`json block that fits this JSON Schema:\n${json}`;
  return (
    `When the work is done, hand in the result by calling the tool ${RESULT_TOOL}. ` +
    `Only if you have no such tool, end your answer with one \`\`\`json block instead. ` +
    `Either must fit this JSON Schema:\n${json}`
  );
}

function textBlock(text: string): ContentBlock {
  return { type: 'text', text };
}
