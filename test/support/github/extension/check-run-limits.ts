import { type ApiResponse, problem } from './http.ts';
import {
  MAX_ACTION_DESCRIPTION,
  MAX_ACTION_IDENTIFIER,
  MAX_ACTION_LABEL,
  MAX_ACTIONS,
  MAX_ANNOTATIONS,
  MAX_CHECK_TEXT,
  MAX_CHECK_TITLE,
} from './limits.ts';

/** The 422 GitHub answers to a check run it will not take, or null. */
export function checkRunProblem(body: Record<string, unknown>): ApiResponse | null {
  const output = object(body['output']);
  const actions = Array.isArray(body['actions']) ? body['actions'].map(object) : [];
  const faults = [
    body['status'] === 'completed' && body['conclusion'] == null
      ? 'conclusion is required when status is completed'
      : null,
    'output' in body && typeof output['title'] !== 'string' ? 'output.title is required' : null,
    'output' in body && typeof output['summary'] !== 'string' ? 'output.summary is required' : null,
    tooLong('output.title', output['title'], MAX_CHECK_TITLE),
    tooLong('output.summary', output['summary'], MAX_CHECK_TEXT),
    tooLong('output.text', output['text'], MAX_CHECK_TEXT),
    tooMany('annotations', output['annotations'], MAX_ANNOTATIONS),
    tooMany('actions', actions, MAX_ACTIONS),
    ...actions.flatMap((action) => [
      tooLong('action label', action['label'], MAX_ACTION_LABEL),
      tooLong('action description', action['description'], MAX_ACTION_DESCRIPTION),
      tooLong('action identifier', action['identifier'], MAX_ACTION_IDENTIFIER),
    ]),
  ].filter((fault) => fault !== null);
  return faults.length === 0 ? null : problem(422, `Invalid request.\n\n${faults.join('\n')}`);
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function tooLong(name: string, value: unknown, limit: number): string | null {
  return typeof value === 'string' && value.length > limit
    ? `${name}: only ${limit} characters are allowed; ${value.length} were supplied.`
    : null;
}

function tooMany(name: string, value: unknown, limit: number): string | null {
  return Array.isArray(value) && value.length > limit
    ? `No more than ${limit} ${name} are allowed; ${value.length} were supplied.`
    : null;
}
