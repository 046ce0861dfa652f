import type { Failure } from '../engine/state/event.ts';
import { isObject, type JsonObject } from '../plan/json.ts';
import type { AgentNode, Plan } from '../plan/plan.ts';
import { readPath } from '../plan/read-path.ts';
import { failure } from './answer.ts';

const TERMS: readonly string[] = [
  'rm -rf',
  'drop table',
  'truncate table',
  'delete from',
  'format disk',
  'wipe database',
];

/**
 * The first dangerous term in a text, compared with and without what separates the letters, so that
 * `dr-op ta_ble` is found as well; null if there is none or no scan was asked for.
 */
export function guardrailHit(
  reliability: JsonObject | null,
  isRisky: boolean,
  text: string,
): string | null {
  const policy = readPath(reliability, 'guardrails');
  const isOn = isObject(policy) && policy['enabled'] === true;
  if (!isOn && !isRisky) return null;
  const own = isObject(policy) && Array.isArray(policy['terms']) ? policy['terms'] : [];
  const terms = [...TERMS, ...own.filter((term) => typeof term === 'string')];
  const [spaced, joined] = [spacedForm(text), joinedForm(text)];
  return terms.find((term) => isIn(term, spaced, joined)) ?? null;
}

/** Why a step's prompt is not sent; null if it is. */
export function promptRefusal(plan: Plan, node: AgentNode, prompt: string): Failure | null {
  const hit = guardrailHit(plan.policies.reliability, node.risky, `${node.id}\n${prompt}`);
  if (hit === null) return null;
  const message = `The guardrail found \`${hit}\` in the prompt of this step, so it was not run.`;
  return failure('policy', 'guardrail-blocked', message);
}

function isIn(term: string, spaced: string, joined: string): boolean {
  const letters = joinedForm(term);
  if (letters === '') return false;
  return spaced.includes(` ${spacedForm(term).trim()} `) || joined.includes(letters);
}

function spacedForm(text: string): string {
  return ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

function joinedForm(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}
