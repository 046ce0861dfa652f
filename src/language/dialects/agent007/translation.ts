import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import { isShape, type Shape } from '../shape.ts';
import { nativeCondition } from './condition.ts';
import { nativeExtract } from './extract.ts';
import type { Notes } from './notes.ts';
import { withOwnNames } from './own-names.ts';
import { isStepType, NEEDED_KEYS, type StepType } from './step-types.ts';
import { bare, UNKNOWN } from './unknown-work.ts';
import { nativeWorkers } from './workers.ts';

function isOwn(step: Shape): boolean {
  return 'type' in step || 'skill' in step;
}

/** Turns what agent007 says in keys of its own into native keys; everything else stays as it is. */
export class Translation {
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  whole(data: Shape): Shape {
    const steps: unknown = data['steps'];
    if (!Array.isArray(steps)) return data;
    const translated = steps.map((step: unknown, index) =>
      isShape(step) ? this.#step(step, ['steps', index]) : step,
    );
    return { ...data, steps: translated };
  }

  #step(step: Shape, path: DataPath): Shape {
    const type = this.#type(step, path);
    const { type: _type, ...rest } = step;
    if (type === null) return isOwn(step) ? { ...bare(rest), ...UNKNOWN } : step;
    const named = withOwnNames(rest, path, this.#notes);
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
        return nativeExtract(named, path, this.#notes);
      case 'multi-agent':
        return nativeWorkers(named, path, this.#notes);
    }
  }

  #type(step: Shape, path: DataPath): StepType | null {
    if (!('type' in step) && !('skill' in step)) return null;
    const { type = 'execute' } = step;
    if (!isStepType(type)) {
      const names = Object.keys(NEEDED_KEYS);
      const suggestion = typeof type === 'string' ? nearest(type, names) : null;
      const list = names.map((name) => `\`${name}\``).join(', ');
      const message = `\`type\` must be ${list}, not \`${String(type)}\`.`;
      this.#notes.problem([...path, 'type'], 'bad-value', message, suggestion);
      return null;
    }
    const needed: readonly string[] = NEEDED_KEYS[type];
    if (needed.some((key) => key in step)) return type;
    const list = needed.filter((key) => key !== 'prompt_file').map((key) => `\`${key}\``);
    const message = `a step of type \`${type}\` needs the key ${list.join(' or ')}.`;
    this.#notes.problem([...path, 'type' in step ? 'type' : 'id'], 'missing-key', message);
    return null;
  }

  /** `/dev-architect` is the file `skills/dev-architect.md` of the workflow folder. */
  #skill(step: Shape, path: DataPath): Shape {
    if (!('skill' in step)) return step;
    const { skill, ...rest } = step;
    const name = typeof skill === 'string' ? skill.replace(/^[/$]/, '') : '';
    const file = `skills/${name}.md`;
    if ('prompt' in step) {
      this.#notes.problem(
        [...path, 'skill'],
        'conflict',
        'a step has `prompt` or `skill`, not both.',
      );
      return rest;
    }
    if (!Object.hasOwn(this.#notes.source.folder.files, file)) {
      const known = Object.keys(this.#notes.source.folder.files).flatMap(
        (candidate) => /^skills\/([^/]+)\.md$/.exec(candidate)?.[1] ?? [],
      );
      const message = `there is no skill \`${String(skill)}\`: the workflow folder has no file \`${file}\`.`;
      this.#notes.problem([...path, 'skill'], 'missing-file', message, nearest(name, known));
      return { ...rest, prompt: '{{ task }}' };
    }
    this.#notes.places.move([...path, 'prompt_file'], [...path, 'skill']);
    return { ...rest, prompt_file: file };
  }

  #evaluator(step: Shape, path: DataPath): Shape {
    const { evaluate } = step;
    if (!isShape(evaluate)) return step;
    const at = [...path, 'evaluate'];
    if ('decision_field' in evaluate && 'condition' in evaluate) {
      const { condition: _condition, ...rest } = evaluate;
      this.#notes.warn(
        [...at, 'condition'],
        '`condition` is not asked where there is a `decision_field`.',
      );
      return { ...step, evaluate: rest };
    }
    const { condition } = evaluate;
    if (typeof condition !== 'string') return step;
    const native = nativeCondition(condition, [step['output'], step['id']]);
    if (native === null) {
      const message =
        '`condition` compares a text: {{name}} followed by `contains`, `not_contains`, `equals` or `starts_with` and the text.';
      this.#notes.problem([...at, 'condition'], 'condition', message);
      const { evaluate: _evaluate, ...rest } = step;
      return rest;
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
      this.#notes.places.move(
        [...path, 'routes', index, 'contains'],
        [...path, 'routes', index, 'when'],
      );
      return when === undefined ? rest : { ...rest, contains: when };
    });
    return { ...step, routes: native };
  }

  #subWorkflow(step: Shape, path: DataPath): Shape {
    const { workflow, agent: _agent, prompt, ...rest } = step;
    if (prompt !== undefined) {
      this.#notes.warn(
        [...path, 'prompt'],
        'a called workflow works on the task of the run; `prompt` is not used.',
      );
    }
    this.#notes.places.move([...path, 'call', 'workflow'], [...path, 'workflow']);
    return { ...rest, call: { workflow } };
  }
}
