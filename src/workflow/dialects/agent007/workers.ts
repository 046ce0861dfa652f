import { nearest } from '../../nearest.ts';
import type { DataPath } from '../../positions.ts';
import { isShape, type Shape } from '../shape.ts';
import type { Translation } from './translation.ts';

const KEYS = ['persona', 'skills', 'run'];
const RUNS = ['parallel', 'sequential'];

/** Several personas at one prompt, side by side or one after the other. */
export function nativeWorkers(step: Shape, path: DataPath, translation: Translation): Shape {
  const { workers, agent: _agent, prompt, ...rest } = step;
  const at = [...path, 'workers'];
  if (!Array.isArray(workers) || workers.length === 0) {
    translation.problem(at, 'wrong-type', '`workers` needs at least one worker with a `persona`.');
    return rest;
  }
  const text = typeof prompt === 'string' ? prompt : '';
  if (text === '') {
    translation.problem([...path, 'id'], 'missing-key', 'the workers need a `prompt` to work on.');
  }
  const id = typeof rest['id'] === 'string' ? rest['id'] : 'worker';
  const steps = workers.flatMap((worker: unknown, index) => {
    if (!isShape(worker) || typeof worker['persona'] !== 'string') {
      translation.problem([...at, index], 'missing-key', 'a worker needs the key `persona`.');
      return [];
    }
    checkKeys(worker, [...at, index], translation);
    const inner = [...path, 'group', 'steps', index];
    translation.places
      .move(inner, [...at, index])
      .move([...inner, 'agent'], [...at, index, 'persona']);
    translation.places.move([...inner, 'prompt'], [...path, 'prompt']);
    const skills = skillsOf(worker, [...at, index, 'skills'], translation);
    return [{ id: `${id}-${index + 1}`, agent: worker['persona'], prompt: text + skills }];
  });
  const sequential = workers.some((worker) => isShape(worker) && worker['run'] === 'sequential');
  return { ...rest, group: { steps, ...(sequential ? { max_parallel: 1 } : {}) } };
}

function checkKeys(worker: Shape, at: DataPath, translation: Translation): void {
  for (const key of Object.keys(worker).filter((name) => !KEYS.includes(name))) {
    const message = `a worker has no key \`${key}\`.`;
    translation.problem([...at, key], 'unknown-key', message, nearest(key, KEYS));
  }
  const { run = 'parallel' } = worker;
  if (typeof run === 'string' && RUNS.includes(run)) return;
  const suggestion = typeof run === 'string' ? nearest(run, RUNS) : null;
  const message = '`run` must be `parallel` or `sequential`.';
  translation.problem([...at, 'run'], 'bad-value', message, suggestion);
}

function skillsOf(worker: Shape, at: DataPath, translation: Translation): string {
  const skills: readonly unknown[] = Array.isArray(worker['skills']) ? worker['skills'] : [];
  const files = skills.map((skill, index) => {
    const file = `skills/${String(skill).replace(/^[/$]/, '')}.md`;
    if (!Object.hasOwn(translation.source.folder.files, file)) {
      const message = `there is no skill \`${String(skill)}\`: the workflow folder has no file \`${file}\`.`;
      translation.problem([...at, index], 'missing-file', message);
    }
    return `\n\n{% include "${file}" %}`;
  });
  return files.join('');
}
