import type { ParamProblem } from '../../language/start/start-params.ts';
import { code } from '../text/clean-text.ts';
import { joinWords } from '../text/format.ts';

/** Why a workflow was not started with these parameters, for the sentence "Not started: …". */
export function renderParamProblems(problems: readonly ParamProblem[]): string {
  const missing = problems.flatMap((problem) => (problem.type === 'missing' ? [problem.name] : []));
  const parts = [
    ...(missing.length === 0 ? [] : [`it needs ${joinWords(missing.map(assignment))}`]),
    ...problems.flatMap((problem) => (problem.type === 'missing' ? [] : [sentenceFor(problem)])),
  ];
  return parts.join('; ');
}

const assignment = (name: string) => code(`${name}=…`);

function sentenceFor(problem: Exclude<ParamProblem, { type: 'missing' }>): string {
  const name = code(problem.name);
  switch (problem.type) {
    case 'unknown': {
      const meant = problem.suggestion === null ? '' : `, perhaps ${code(problem.suggestion)}`;
      return `it has no parameter ${name}${meant}`;
    }
    case 'wrong-type':
      return `${name} takes ${WANTED[problem.wanted]}`;
    case 'no-choice': {
      const choices = problem.choices
        .slice(0, 20)
        .map((choice) => code(typeof choice === 'string' ? choice : JSON.stringify(choice)));
      return `${name} is one of ${joinWords(choices, 'or')}`;
    }
    case 'fixed': {
      const steps = problem.steps.slice(0, 20).map((step) => code(step));
      return `it does not let ${name} change ${joinWords(steps)}`;
    }
  }
}

const WANTED = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
} as const;
