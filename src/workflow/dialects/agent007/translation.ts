import { nearest } from '../../nearest.ts';
import type { DataPath } from '../../positions.ts';
import type { Problem, ProblemCode } from '../../problem.ts';
import type { Source } from '../dialect.ts';
import type { Places } from '../places.ts';
import { problemAt, warningAt } from '../report-problem.ts';
import { isShape, type Shape } from '../shape.ts';
import { nativeCondition } from './condition.ts';
import { nativeExtract } from './extract.ts';
import { withOwnNames } from './own-names.ts';
import { isStepType, NEEDED_KEYS, type StepType } from './step-types.ts';
import { nativeWorkers } from './workers.ts';

/** Turns what agent007 says in keys of its own into native keys; all else stays as it is. */
export class Translation {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly places: Places;
  readonly #source: Source;

  constructor(source: Source, places: Places) {
    this.#source = source;
    this.places = places;
  }

  whole(data: Shape): Shape {
    const steps: unknown = data['steps'];
    if (!Array.isArray(steps)) return data;
    const translated = steps.map((step: unknown, index) =>
      isShape(step) ? this.#step(step, ['steps', index]) : step,
    );
    return { ...data, steps: translated };
  }

  problem(
    at: DataPath,
    code: ProblemCode,
    message: string,
    suggestion: string | null = null,
  ): void {
    const { path, positions } = this.#source;
    this.problems.push(problemAt(path, positions.ofValue(at), code, message, suggestion));
  }

  warn(at: DataPath, message: string): void {
    const { path, positions } = this.#source;
    this.warnings.push(warningAt(path, positions.ofKey(at), 'conflict', message));
  }

  get source(): Source {
    return this.#source;
  }

  #step(step: Shape, path: DataPath): Shape {
    const type = this.#type(step, path);
    if (type === null) return step;
    const { type: _type, ...rest } = step;
    const named = withOwnNames(rest, path, this);
    switch (type) {
      case 'execute':
        return this.#skill(named, path);
      case 'evaluator':
        return this.#evaluator(this.#skill(named, path), path);
      case 'router':
        return this.#router(this.#skill(named, path), path);
      case 'sub-workflow':
        return this.#subWorkflow(named, path);
      case 'extract':
        return nativeExtract(named, path, this);
      case 'multi-agent':
        return nativeWorkers(named, path, this);
    }
  }

  #type(step: Shape, path: DataPath): StepType | null {
    if (!('type' in step) && !('skill' in step)) return null;
    const { type = 'execute' } = step;
    if (!isStepType(type)) {
      const names = Object.keys(NEEDED_KEYS);
      const suggestion = typeof type === 'string' ? nearest(type, names) : null;
      const list = names.map((name) => `\`${name}\``).join(', ');
      this.problem([...path, 'type'], 'bad-value', `\`type\` is one of ${list}.`, suggestion);
      return null;
    }
    const needed: readonly string[] = NEEDED_KEYS[type];
    if (needed.some((key) => key in step)) return type;
    const list = needed.filter((key) => key !== 'prompt_file').map((key) => `\`${key}\``);
    const message = `a step of type \`${type}\` needs the key ${list.join(' or ')}.`;
    this.problem([...path, 'type' in step ? 'type' : 'id'], 'missing-key', message);
    return null;
  }

  /** `/dev-architect` is the file `skills/dev-architect.md` of the workflow folder. */
  #skill(step: Shape, path: DataPath): Shape {
    if (!('skill' in step)) return step;
    const { skill, ...rest } = step;
    const name = typeof skill === 'string' ? skill.replace(/^[/$]/, '') : '';
    const file = `skills/${name}.md`;
    if ('prompt' in step) {
      this.problem([...path, 'skill'], 'conflict', 'a step has `prompt` or `skill`, not both.');
    } else if (!Object.hasOwn(this.#source.folder.files, file)) {
      const known = Object.keys(this.#source.folder.files).flatMap(
        (candidate) => /^skills\/([^/]+)\.md$/.exec(candidate)?.[1] ?? [],
      );
      const message = `there is no skill \`${String(skill)}\`: the workflow folder has no file \`${file}\`.`;
      this.problem([...path, 'skill'], 'missing-file', message, nearest(name, known));
    }
    this.places.move([...path, 'prompt_file'], [...path, 'skill']);
    return { ...rest, prompt_file: file };
  }

  #evaluator(step: Shape, path: DataPath): Shape {
    const { evaluate } = step;
    if (!isShape(evaluate)) return step;
    const at = [...path, 'evaluate'];
    if ('decision_field' in evaluate && 'condition' in evaluate) {
      const { condition: _condition, ...rest } = evaluate;
      this.warn(
        [...at, 'condition'],
        '`condition` is not asked where there is a `decision_field`.',
      );
      return { ...step, evaluate: rest };
    }
    const { condition } = evaluate;
    if (typeof condition !== 'string') return step;
    const native = nativeCondition(condition);
    if (native === null) {
      const message =
        '`condition` compares a text: {{name}} followed by `contains`, `not_contains`, `equals` or `starts_with` and the text.';
      this.problem([...at, 'condition'], 'condition', message);
      return step;
    }
    return { ...step, evaluate: { ...evaluate, condition: native } };
  }

  #router(step: Shape, path: DataPath): Shape {
    const { routes } = step;
    if (!Array.isArray(routes)) return step;
    const native = routes.map((route: unknown, index) => {
      if (!isShape(route)) return route;
      const { when, default: isDefault, ...rest } = route;
      if (isDefault === true) return { ...rest, default: true };
      this.places.move([...path, 'routes', index, 'contains'], [...path, 'routes', index, 'when']);
      return when === undefined ? rest : { ...rest, contains: when };
    });
    return { ...step, routes: native };
  }

  #subWorkflow(step: Shape, path: DataPath): Shape {
    const { workflow, agent: _agent, prompt, ...rest } = step;
    if (prompt !== undefined) {
      this.warn(
        [...path, 'prompt'],
        'a called workflow works on the task of the run; `prompt` is not used.',
      );
    }
    this.places.move([...path, 'call', 'workflow'], [...path, 'workflow']);
    return { ...rest, call: { workflow } };
  }
}
