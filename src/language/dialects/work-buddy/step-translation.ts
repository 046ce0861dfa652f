import type { DataPath, Position } from '../../problems/positions.ts';
import type { Problem } from '../../problems/problem.ts';
import { literalText } from '../literal-text.ts';
import { problemAt, warningAt } from '../report-problem.ts';
import { workflowName } from '../workflow-name.ts';
import { callableFor } from './callables.ts';
import type { Sections } from './sections.ts';
import type { UnitRequest } from './unit-request.ts';
import type { UnitStep } from './unit-schema.ts';

/** Stands in for work that is not understood, so that the rest of the unit can be checked. */
const UNKNOWN = { auto_run: { callable: 'git.changed_files' } };

/** Who does the steps that need a model: work-buddy has one agent, which may change files. */
const PERSONA = 'Engineer';

/** Turns the steps of a unit into native ones, and collects what is wrong with them. */
export class StepTranslation {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #request: UnitRequest;
  readonly #sections: Sections;

  constructor(request: UnitRequest, sections: Sections) {
    this.#request = request;
    this.#sections = sections;
  }

  translate(step: UnitStep, index: number): object {
    const { id, name, depends_on, optional, requires, requires_individual_consent } = step;
    this.#request.places.move(
      ['steps', index, 'inputs'],
      this.#path(['steps', index, 'depends_on']),
    );
    return {
      id,
      ...(name === undefined ? {} : { title: name }),
      depends_on,
      optional,
      requires,
      requires_individual_consent,
      ...this.#work(step, ['steps', index]),
    };
  }

  #work(step: UnitStep, at: DataPath): object {
    if (step.auto_run !== undefined && step.workflow_ref !== undefined) {
      const message = `step \`${step.id}\` has \`auto_run\` or \`workflow_ref\`, not both.`;
      this.#problem([...at, 'workflow_ref'], 'conflict', message);
    }
    if (step.workflow_ref !== undefined) return this.#call(step.workflow_ref, at);
    if (step.auto_run !== undefined) return this.#auto(step, step.auto_run, at);
    return this.#agent(step, at);
  }

  #call(ref: string, at: DataPath): object {
    const { places } = this.#request;
    places.move([...at, 'call', 'workflow'], this.#path([...at, 'workflow_ref']));
    const workflow = workflowName(ref);
    if (workflow !== null) return { call: { workflow } };
    this.#problem([...at, 'workflow_ref'], 'bad-value', `\`${ref}\` is no name of a workflow.`);
    return UNKNOWN;
  }

  #auto(step: UnitStep, spec: NonNullable<UnitStep['auto_run']>, at: DataPath): object {
    const { callable, kwargs, input_map: inputMap, timeout } = spec;
    const answer = callableFor(callable);
    if (!answer.known) {
      const message = `no function is registered for \`${callable}\`; only registered functions run without an agent.`;
      this.#problem([...at, 'auto_run', 'callable'], 'bad-value', message, answer.suggestion);
      return UNKNOWN;
    }
    if (!spec.retry_on_timeout) {
      const message = 'a function that runs out of time is always called once more.';
      this.#warn([...at, 'auto_run', 'retry_on_timeout'], message);
    }
    const inputs = Object.entries(inputMap).map(([name, from]) => [name, inputPath(from)]);
    return {
      ...resultOf(step),
      auto_run: {
        callable: answer.callable.name,
        kwargs: { ...answer.callable.kwargs, ...kwargs },
        input_map: Object.fromEntries(inputs),
        timeout: `${Math.round(timeout * 1000)}ms`,
      },
    };
  }

  #agent(step: UnitStep, at: DataPath): object {
    const { unit } = this.#request;
    const instruction = this.#instruction(step, at);
    if (step.step_type === 'code') {
      const message = `step \`${step.id}\` is \`code\` without \`auto_run\`, so an agent carries out its instruction.`;
      this.#warn([...at, 'step_type'], message);
    }
    const { visibility } = step;
    const before = step.depends_on.filter((id) => unit.steps.some((other) => other.id === id));
    return {
      agent: PERSONA,
      prompt: promptOf(step, before, instruction, Object.keys(unit.params_schema)),
      inputs: before,
      ...(step.execution === undefined ? {} : { execution: step.execution }),
      ...(unit.allow_override ? {} : { allow_override: false }),
      ...resultOf(step),
      ...(visibility === undefined
        ? {}
        : {
            visibility: {
              mode: visibility.mode,
              include: visibility.include_keys,
              exclude: visibility.exclude_keys,
            },
          }),
    };
  }

  #instruction(step: UnitStep, at: DataPath): string {
    const { unit } = this.#request;
    const own = Object.hasOwn(unit.step_instructions, step.id)
      ? unit.step_instructions[step.id]
      : undefined;
    const text = step.instruction ?? own ?? this.#sections.steps.get(step.id)?.text ?? '';
    if (text.trim() !== '') return text;
    const where =
      this.#request.source.body === null
        ? `\`instruction\` or \`step_instructions.${step.id}\``
        : `a section \`## ${step.id}\``;
    this.#problem([...at, 'id'], 'missing-key', `step \`${step.id}\` needs ${where}.`);
    return '';
  }

  #problem(
    at: DataPath,
    code: Problem['code'],
    message: string,
    suggestion: string | null = null,
  ): void {
    const { path } = this.#request.source;
    this.problems.push(problemAt(path, this.#place(at), code, message, suggestion));
  }

  #warn(at: DataPath, message: string): void {
    const { path } = this.#request.source;
    this.warnings.push(warningAt(path, this.#place(at), 'conflict', message));
  }

  #place(at: DataPath): Position {
    return this.#request.source.positions.ofValue(this.#path(at));
  }

  #path(at: DataPath): DataPath {
    return [...this.#request.found.path, ...at];
  }
}

/** `__params__.x` is a parameter of the run; anything else is the result of the step of that id. */
function inputPath(from: string): string {
  return from === '__params__' ? 'params' : from.replace(/^__params__\./, 'params.');
}

function resultOf({ result_schema: schema }: UnitStep): object {
  return schema === undefined ? {} : { result: schema };
}

/** A step is told its instruction and what the steps it depends on have found, and nothing else. */
function promptOf(
  step: UnitStep,
  before: readonly string[],
  instruction: string,
  params: readonly string[],
): string {
  const results = before.map((id) => `### ${id}\n\n{{ outputs["${id}"] }}`);
  const given = params.map((name) => `- ${name}: {{ params["${name}"] | default("not given") }}`);
  return [
    `# ${literalText(step.name ?? step.id)}`,
    literalText(instruction.trim()),
    '## Task of this run\n\n{{ task }}',
    given.length === 0 ? '' : `## Parameters\n\n${given.join('\n')}`,
    results.length === 0 ? '' : `## Results so far\n\n${results.join('\n\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
