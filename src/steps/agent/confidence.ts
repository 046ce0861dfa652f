import { isObject, type Json, type JsonObject } from '../../plan/json.ts';
import { readPath } from '../../plan/read-path.ts';

const LOW_TERMS: readonly string[] = ['unsure', 'uncertain', 'not sure'];
const LOW_WORDS: ReadonlySet<string> = new Set(['low', 'provisional', 'unsure', 'uncertain']);
const LOW_SHARE = 0.5;

/** How sure an answer is of itself: by its `confidence` field, else by its words. Null if not asked. */
export function confidenceOf(
  reliability: JsonObject | null,
  answer: { readonly text: string; readonly data: Json },
): 'low' | 'missing' | 'ok' | null {
  const policy = readPath(reliability, 'confidence');
  if (!isObject(policy) || policy['enabled'] !== true) return null;
  const field = readPath(answer.data, 'confidence');
  if (typeof field === 'number') return field < LOW_SHARE ? 'low' : 'ok';
  if (typeof field === 'string') return LOW_WORDS.has(field.trim().toLowerCase()) ? 'low' : 'ok';
  const own = Array.isArray(policy['low_terms']) ? policy['low_terms'] : [];
  return confidenceIn(answer.text, [
    ...LOW_TERMS,
    ...own.filter((term) => typeof term === 'string'),
  ]);
}

function confidenceIn(text: string, lowTerms: readonly string[]): 'low' | 'missing' | 'ok' {
  const words = ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
  const has = (term: string): boolean => words.includes(` ${term.trim().toLowerCase()} `);
  if (/ confidence (?:level )?(?:is )?(?:very )?low | low confidence /.test(words)) return 'low';
  if (lowTerms.some(has)) return 'low';
  return has('confidence') || has('confident') ? 'ok' : 'missing';
}
