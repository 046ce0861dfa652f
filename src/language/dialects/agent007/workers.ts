import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import { isShape, type Shape } from '../shape.ts';
import type { Notes } from './notes.ts';
import { UNKNOWN } from './unknown-work.ts';

const KEYS = ['persona', 'skills', 'run'];
const RUNS = ['parallel', 'sequential'];

/** Several personas with one prompt, side by side or one after the other. */
export function nativeWorkers(step: Shape, path: DataPath, notes: Notes): Shape {
  const { workers, agent: _agent, prompt, ...rest } = step;
  const at = [...path, 'workers'];
  if (!Array.isArray(workers) || workers.length === 0) {
    notes.problem(at, 'wrong-type', '`workers` needs at least one worker with a `persona`.');
    return { ...rest, ...UNKNOWN };
  }
  const text = typeof prompt === 'string' ? prompt : '';
  if (text === '') {
    notes.problem([...path, 'id'], 'missing-key', 'the workers need a `prompt` to work on.');
  }
  const id = typeof rest['id'] === 'string' ? rest['id'] : 'worker';
  const steps = workers.flatMap((worker: unknown, index) => {
    if (!isShape(worker) || typeof worker['persona'] !== 'string') {
      notes.problem([...at, index], 'missing-key', 'a worker needs the key `persona`.');
      return [];
    }
    checkKeys(worker, [...at, index], notes);
    const inner = [...path, 'group', 'steps', index];
    notes.places.move(inner, [...at, index]).move([...inner, 'agent'], [...at, index, 'persona']);
    notes.places.move([...inner, 'prompt'], [...path, 'prompt']);
    const skills = skillsOf(worker, [...at, index, 'skills'], notes);
    return [{ id: `${id}-${index + 1}`, agent: worker['persona'], prompt: text + skills }];
  });
  if (steps.length < workers.length) return { ...rest, ...UNKNOWN };
  const sequential = workers.some((worker) => isShape(worker) && worker['run'] === 'sequential');
  return { ...rest, group: { steps, ...(sequential ? { max_parallel: 1 } : {}) } };
}

function checkKeys(worker: Shape, at: DataPath, notes: Notes): void {
  for (const key of Object.keys(worker).filter((name) => !KEYS.includes(name))) {
    const message = `a worker has no key \`${key}\`.`;
    notes.problem([...at, key], 'unknown-key', message, nearest(key, KEYS));
  }
  const { run = 'parallel' } = worker;
  if (typeof run === 'string' && RUNS.includes(run)) return;
  const suggestion = typeof run === 'string' ? nearest(run, RUNS) : null;
  const message = '`run` must be `parallel` or `sequential`.';
  notes.problem([...at, 'run'], 'bad-value', message, suggestion);
}

function skillsOf(worker: Shape, at: DataPath, notes: Notes): string {
  const skills: readonly unknown[] = Array.isArray(worker['skills']) ? worker['skills'] : [];
  const files = skills.map((skill, index) => {
    const file = `skills/${String(skill).replace(/^[/$]/, '')}.md`;
    if (!Object.hasOwn(notes.source.folder.files, file)) {
      const message = `there is no skill \`${String(skill)}\`: the workflow folder has no file \`${file}\`.`;
      notes.problem([...at, index], 'missing-file', message);
    }
    return `\n\n{% include "${file}" %}`;
  });
  return files.join('');
}
