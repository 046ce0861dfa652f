import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '#src/language/template/parse-template.ts';
import { findUses } from '#src/language/template/template-names.ts';
import type { AgentNode, Plan } from '#src/plan/plan.ts';
import {
  type Rendered,
  renderTemplate,
  type TemplateVariable,
} from '#src/render/template/template.ts';
import { agentsEverywhere, agentsOf, folder, needsOf, planOf } from './built-in.ts';

const STEPS = [...folder.definitions.keys()].flatMap((workflow) => {
  const plan = planOf(workflow);
  return agentsEverywhere(plan).map((node) => ({ workflow, id: node.id, node, plan }));
});

describe('every built-in prompt', () => {
  it.each(STEPS)('of $workflow/$id renders with what comes before it', ({ node, plan }) => {
    const rendered = render(node, plan);

    expect(rendered).toMatchObject({ ok: true });
    const text = rendered.ok ? rendered.text : '';
    expect(text).toContain('<the task>');
    expect(text).not.toMatch(/\{\{|\{%|\{#/);
  });

  it.each(
    STEPS.filter(({ plan }) => plan.graphs[plan.main]!.nodes.every(({ when }) => when === null)),
  )('of $workflow/$id uses the result of each step it waits for', ({ node, plan }) => {
    const rendered = render(node, plan);
    const text = rendered.ok ? rendered.text : '';

    const waitedFor = agentsOf(plan).filter(({ id }) => needsOf(plan, node.id).includes(id));

    for (const { output } of waitedFor) expect(text).toContain(`<the ${output}>`);
  });

  it.each(STEPS)('of $workflow/$id says what to do and what to hand in', ({ node, plan }) => {
    const rendered = render(node, plan);
    const text = rendered.ok ? rendered.text : '';

    expect(text).toMatch(/^##? What to (do|look for)$/m);
    expect(text).toMatch(/^(## Hand in|# Output)$/m);
  });

  it('leaves values to stand alone on their line, so that they can be told from the prompt', () => {
    const inline = STEPS.filter(({ node, plan }) =>
      [node.prompt, ...includedBy(node, plan)].some((text) =>
        /[^\n]\{\{ (?!base_branch|branch )|(?<!branch )\}\}[^\n]/.test(text),
      ),
    );

    expect(inline.map(({ id }) => id)).toEqual([]);
  });

  it('is used: there is no prompt file that no step sends', () => {
    const sent = STEPS.flatMap(({ node, plan }) => [node.prompt, ...includedBy(node, plan)]);

    expect(files('prompts').filter((file) => !sent.includes(readFileSync(file, 'utf8')))).toEqual(
      [],
    );
  });
});

describe('every built-in persona', () => {
  const PERSONAS = Object.values(folder.personas);

  it('is there: those of the workflows, and those others can name', () => {
    expect(PERSONAS.map(({ name }) => name).toSorted()).toEqual([
      'Architect',
      'CodeReviewer',
      'Coder',
      'DebugAgent',
      'DependencyManager',
      'DocumentReviewer',
      'DocumentationWriter',
      'Engineer',
      'ExpertCoder',
      'PerformanceEngineer',
      'Planner',
      'QualityFixer',
      'Researcher',
      'SecurityReviewer',
      'TestDesigner',
      'UIUXDesigner',
    ]);
  });

  it.each(PERSONAS)('$name keeps the same ground rules', ({ systemPrompt }) => {
    expect(systemPrompt).toContain('## Ground rules');
    expect(rules(systemPrompt)).toBe(rules(folder.personas['Researcher']!.systemPrompt));
  });

  it.each(['CodeReviewer', 'SecurityReviewer', 'PerformanceEngineer', 'DebugAgent'])(
    '%s reports with a place, evidence and one scale of severity',
    (name) => {
      const { systemPrompt, access } = folder.personas[name]!;

      expect(access).toBe('readonly');
      for (const word of ['file', 'Evidence:', '| blocker |', '| debt |', '| note |']) {
        expect(systemPrompt).toContain(word);
      }
    },
  );
});

const rules = (text: string) => text.slice(text.indexOf('## Ground rules'));
const sample = (text: string): TemplateVariable => ({ value: text, untrusted: true });

function render(node: AgentNode, plan: Plan): Rendered {
  const names = Object.values(plan.graphs)
    .flatMap((graph) => graph.nodes)
    .map(({ output }) => output ?? '');
  const texts = Object.fromEntries(names.map((name) => [name, `<the ${name}>`]));
  const variables = {
    ...Object.fromEntries(names.map((name) => [name, sample(`<the ${name}>`)])),
    outputs: { value: texts, untrusted: true },
    params: {
      value: {
        layers: '',
        design: '<the design>',
        plan: '<the plan>',
        assignment: '<the assignment>',
        background: '',
        kind: 'design',
        unit: '<the unit>',
      },
      untrusted: true,
    },
    loop_context: { value: null, untrusted: false },
    work_item: sample('<the item>'),
    task: sample('<the task>'),
    branch: sample('<the branch>'),
    base_branch: sample('main'),
  };
  return renderTemplate(node.prompt, { variables, files: filesOf(node, plan) });
}

/** Files of a called workflow stand under its name in the plan. */
function filesOf(node: AgentNode, plan: Plan): Record<string, string> {
  const { folder: name } = node.meta;
  const prefix = typeof name === 'string' ? `${name}:` : '';
  return Object.fromEntries(
    Object.entries(plan.files ?? {}).flatMap(([path, text]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), text]] : [],
    ),
  );
}

function includedBy(node: AgentNode, plan: Plan): string[] {
  return findUses(parseTemplate(node.prompt)).includes.map(
    ({ file }) => filesOf(node, plan)[file] ?? '',
  );
}

const root = join(import.meta.dirname, '../../../workflows');

function files(under: string): string[] {
  const entries = readdirSync(join(root, under), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
