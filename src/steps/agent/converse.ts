import type { AgentOutcome, AgentUsage } from '../../agents/agent.ts';
import type { Failure } from '../../engine/state/event.ts';
import { addUsage, NO_USAGE } from '../../engine/state/idle-node.ts';
import type { Question, Usage } from '../../engine/state/run.ts';
import type { Json } from '../../plan/json.ts';
import { renderFeedback } from '../../render/prompt/step-sections.ts';
import { failure } from '../answer.ts';
import type { PromptMaterial } from '../prompt-for.ts';
import { type QuestionTool, questionsIn } from './question-tool.ts';
import { runChecks } from './run-checks.ts';
import {
  collectReports,
  contractShortcomings,
  handoffShortcomings,
  type Shortcoming,
} from './shortcomings.ts';
import { conversationKey, type Speaker, speak } from './speak.ts';
import type { WorktreeFile } from './worktree-files.ts';

/** What a step finally said. */
export interface Conversation {
  readonly text: string;
  readonly data: Json;
  readonly usage: Usage;
  readonly failure: Failure | null;
  readonly questions: readonly Question[];
  readonly reports: readonly WorktreeFile[];
  /** Items that should have been handed over and are missing: a person must look. */
  readonly missingHandoffs: readonly string[];
}

export interface Talk {
  readonly prompt: string;
  readonly material: PromptMaterial;
  readonly questions: QuestionTool | null;
  readonly now: () => number;
}

/** Prompts the agent and sends it back for what its work lacks, as often as the step allows. */
export async function converse(speaker: Speaker, talk: Talk): Promise<Conversation> {
  return new Dialogue(speaker, talk).hold();
}

/** More rounds than any sum of limits a workflow sets: a step is not a loop. */
const MAX_ROUNDS = 20;

class Dialogue {
  readonly #speaker: Speaker;
  readonly #talk: Talk;
  readonly #deadline: number;
  readonly #sentBack = new Map<string, number>();
  readonly #texts: string[] = [];
  #usage: Usage = NO_USAGE;
  #data: Json = null;
  #reports: readonly WorktreeFile[] = [];

  constructor(speaker: Speaker, talk: Talk) {
    this.#speaker = speaker;
    this.#talk = talk;
    const { node, deps } = speaker;
    this.#deadline = talk.now() + (node.timeoutMs ?? deps.timing.stepTimeoutMs);
  }

  async hold(): Promise<Conversation> {
    const { prompt } = this.#talk;
    const key = conversationKey(this.#speaker);
    let session = key === null ? undefined : this.#sessions.find(this.#runId, key);
    let next: { prompt: string; freshPrompt?: string } = { prompt };
    for (let round = 0; ; round += 1) {
      const outcome = await this.#say(next, session);
      const isDone = this.#hear(outcome, round);
      if (this.#asked().length > 0) return this.#end({ questions: this.#asked() });
      if (!isDone) return this.#end({ failure: failureFor(outcome) });
      session = outcome.status === 'succeeded' ? outcome.sessionId : undefined;
      if (key !== null && session !== undefined) {
        this.#sessions.remember(this.#runId, key, session);
      }
      const lacks = await this.#lacks();
      if ('class' in lacks) return this.#end({ failure: lacks });
      if (lacks.length === 0) return this.#end({});
      if (round >= MAX_ROUNDS || !this.#sendBack(lacks)) return this.#giveUp(lacks);
      const needsResult = this.#speaker.node.result !== null;
      const feedback = renderFeedback(
        lacks.map(({ message }) => message),
        needsResult,
      );
      next = { prompt: feedback, freshPrompt: `${prompt}\n\n${feedback}` };
    }
  }

  get #sessions() {
    return this.#speaker.deps.sessions;
  }

  get #runId(): string {
    return this.#speaker.attempt.stored.run.id;
  }

  async #say(
    next: { prompt: string; freshPrompt?: string },
    resume: string | undefined,
  ): Promise<AgentOutcome> {
    const timeoutMs = Math.max(1, this.#deadline - this.#talk.now());
    const outcome = await speak(this.#speaker, { ...next, resume, timeoutMs, spent: this.#usage });
    this.#usage = addUsage(this.#usage, usageOf(outcome.usage));
    if (outcome.text.trim() !== '') this.#texts.push(outcome.text.trim());
    return outcome;
  }

  /** False when the round failed. Sent back for something else, the agent need not repeat its result. */
  #hear(outcome: AgentOutcome, round: number): boolean {
    if (outcome.status === 'succeeded') {
      if (outcome.result !== undefined) this.#data = JSON.parse(JSON.stringify(outcome.result));
      return true;
    }
    const isRepeat = round > 0 && this.#data !== null && outcome.status === 'failed';
    return isRepeat && outcome.failure.reason === 'no-result';
  }

  #asked(): readonly Question[] {
    const { questions } = this.#talk;
    if (questions === null) return [];
    return questions.asked.length > 0 ? questions.asked : questionsIn(this.#data);
  }

  async #lacks(): Promise<readonly Shortcoming[] | Failure> {
    const { node, tree, deps, attempt } = this.#speaker;
    const root = tree.worktree.path;
    const reports = await collectReports(node, root, (path, maxBytes) =>
      this.#before(path, maxBytes),
    );
    this.#reports = reports.files;
    const own = [
      ...contractShortcomings(node, this.#data),
      ...(await handoffShortcomings(node, this.#data, root)),
      ...reports.missing,
    ];
    if (own.length > 0) return own;
    const check = await runChecks(deps, attempt, node, tree, this.#talk.material.input);
    if (check === null) return [];
    return 'class' in check ? check : [check];
  }

  /** What a step wrote in an earlier visit may stay, so the baseline is then the start of the run. */
  async #before(path: string, maxBytes: number): Promise<string | null> {
    const { tree, deps, attempt } = this.#speaker;
    const { workspaces } = deps.worktrees;
    const start = tree.rewoundTo ?? tree.at;
    const sha = attempt.visit > 1 ? attempt.stored.context.baseSha : start;
    const request = { sha, path, maxBytes, signal: attempt.signal };
    return (await workspaces.readFile(tree.worktree, request))?.text ?? null;
  }

  /** Counts the round; false if something was already asked for as often as allowed. */
  #sendBack(lacks: readonly Shortcoming[]): boolean {
    const count = ({ key }: Shortcoming): number => this.#sentBack.get(key) ?? 0;
    if (lacks.some((lack) => count(lack) >= lack.max)) return false;
    for (const lack of lacks) this.#sentBack.set(lack.key, count(lack) + 1);
    return true;
  }

  #giveUp(lacks: readonly Shortcoming[]): Conversation {
    const hard = lacks.filter(({ kind }) => kind !== 'handoff');
    const [first] = hard;
    if (first === undefined) {
      return this.#end({ missingHandoffs: lacks.map(({ message }) => message) });
    }
    const message = hard.map((lack) => lack.message).join('\n');
    return this.#end({ failure: FAILURES[first.kind](message) });
  }

  #end(end: Partial<Conversation>): Conversation {
    return {
      text: this.#texts.join('\n\n'),
      data: this.#data,
      usage: this.#usage,
      failure: null,
      questions: [],
      reports: this.#reports,
      missingHandoffs: [],
      ...end,
    };
  }
}

const FAILURES: Readonly<Record<Shortcoming['kind'], (message: string) => Failure>> = {
  contract: (message) => failure('validation', 'invalid-result', message),
  handoff: (message) => failure('validation', 'missing-handoff', message),
  report: (message) => failure('validation', 'missing-report', message),
  check: (message) => failure('execution', 'check-failed', message),
};

function failureFor(outcome: AgentOutcome): Failure {
  if (outcome.status !== 'failed') {
    return failure('transient', 'cancelled', 'The agent was stopped.');
  }
  const { class: kind, reason, message, retryAfterMs = null } = outcome.failure;
  return failure(kind, reason, message, retryAfterMs);
}

function usageOf({ inputTokens, outputTokens, costUsd }: AgentUsage): Usage {
  return { inputTokens, outputTokens, usd: costUsd };
}
