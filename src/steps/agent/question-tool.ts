import type { AgentTool } from '../../agents/agent.ts';
import { gatesOfKind } from '../../engine/state/gates.ts';
import type { Question, Run } from '../../engine/state/run.ts';
import { isObject, type Json } from '../../plan/json.ts';
import type { AgentNode } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';

const MAX_QUESTIONS = 10;
const MAX_TEXT = 1_000;
const DEFAULT_ROUNDS = 3;

/** Rounds of questions the step may still ask; also 0 if its workflow does not let it ask. */
export function roundsLeft(node: AgentNode, run: Run, key: string): number {
  const settings = node.meta['questions'];
  if (!isObject(settings)) return 0;
  const most = typeof settings['max'] === 'number' ? settings['max'] : DEFAULT_ROUNDS;
  const asked = gatesOfKind(run, 'question').filter((gate) => gate.node === key).length;
  return Math.max(0, most - asked);
}

/** Lets the agent put questions to people. They are asked when the step ends. */
export class QuestionTool implements AgentTool {
  readonly name = 'ask_people';
  readonly description =
    'Asks the people of this run when you cannot go on without their answer. Call it once with all questions, then end your turn; you are called again with the answers.';
  readonly inputSchema = {
    type: 'object',
    properties: {
      questions: {
        type: 'array',
        minItems: 1,
        maxItems: MAX_QUESTIONS,
        items: {
          type: 'object',
          properties: {
            question: { type: 'string', minLength: 1, maxLength: MAX_TEXT },
            options: { type: 'array', items: { type: 'string' }, maxItems: 10 },
          },
          required: ['question'],
        },
      },
    },
    required: ['questions'],
  };
  #asked: readonly Question[] = [];

  get asked(): readonly Question[] {
    return this.#asked;
  }

  call(args: unknown): Promise<string> {
    const data: Json = JSON.parse(JSON.stringify(args ?? null));
    this.#asked = questionsIn(data);
    return Promise.resolve('The questions will be asked. End your turn now.');
  }
}

/** Questions in a structured answer: texts, or objects with `question` and optionally `options`. */
export function questionsIn(data: Json): readonly Question[] {
  const list = readPath(data, 'questions');
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_QUESTIONS).flatMap((entry: Json): Question[] => {
    const question = typeof entry === 'string' ? entry : readPath(entry, 'question');
    if (typeof question !== 'string' || question.trim() === '') return [];
    const options = readPath(entry, 'options');
    const texts = Array.isArray(options)
      ? options.map((option) => (typeof option === 'string' ? option : JSON.stringify(option)))
      : [];
    return [{ question: question.slice(0, MAX_TEXT), options: texts.slice(0, 10) }];
  });
}
