import { describe, expect, it } from 'vitest';
import { filesOf } from '#src/language/native/syntax/definition.ts';
import type { PlanNode } from '#src/plan/plan.ts';
import { definitionIn, layer, messagesFor, planOf } from '#test/support/language/dialect-folder.ts';

const TEXT = `version: 1
phases: [plan, test]
templates: {plan: {bug: prompts/plan-bug.md, default: prompts/plan.md}}
gates: {after_test: gates/test.yaml}
teams:
  web:
    override_dir: ./teams/web/
    merge_strategy: {prompts: replace, gates: additive}
  data: {override_dir: teams/data}
`;
const GATE = 'gate: quick\ncriteria: {all_pass: true}\n';
const FILES = layer(TEXT, {
  'prompts/plan.md': 'Plan for all.',
  'prompts/plan-bug.md': 'Plan the repair.',
  'prompts/test.md': 'Test for all.',
  'gates/test.yaml': GATE,
  'teams/web/prompts/plan.md': 'Plan the web.',
  'teams/web/prompts/plan-bug.md': 'Plan the repair of the web.',
  'teams/web/gates/test.yaml': 'gate: own\ntrigger: after-test\ncriteria: {coverage_min: 90}\n',
  'teams/data/gates/after_plan.yaml': 'criteria: {exists: true}\n',
});

function nodesFor(team: string | null): readonly PlanNode[] {
  const general = definitionIn(FILES, 'sdlc');
  const plan = planOf(FILES, team === null ? general : general.teams![team]!);
  return plan.graphs[plan.main]!.nodes;
}

const gatesOf = (team: string | null) =>
  nodesFor(team).flatMap((node) => (node.kind === 'gate' ? [node.id] : []));

function filesFor(team: string | null, type: string | null): readonly string[] {
  const general = definitionIn(FILES, 'sdlc');
  const own = team === null ? general : general.teams![team]!;
  return Object.keys((type === null ? own : own.variants![type]!).files);
}

describe('the directory of a team', () => {
  it('has prompts that stand instead of those of the same name, for every type of issue', () => {
    expect(filesFor('web', null)).toEqual(
      expect.arrayContaining(['teams/web/prompts/plan.md', 'prompts/test.md']),
    );
    expect(filesFor('web', null)).not.toContain('prompts/plan.md');
    expect(filesFor('web', 'bug')).toContain('teams/web/prompts/plan-bug.md');
    expect(filesFor('data', null)).toContain('prompts/plan.md');
    expect(filesFor(null, null)).toContain('prompts/plan.md');
  });

  it('has gates that stand besides those of the layer', () => {
    expect(gatesOf('web').length).toBe(gatesOf(null).length + 1);
    expect(gatesOf('web')).toEqual(expect.arrayContaining([...gatesOf(null)]));
  });

  it('belongs to what the workflow consists of', () => {
    expect(filesOf(definitionIn(FILES, 'sdlc'))).toEqual(
      expect.arrayContaining(['teams/web/prompts/plan.md', 'teams/web/gates/test.yaml']),
    );
  });

  it.each([
    ['teams: {web: {override_dir: teams/wbe}}', {}, 'there is no directory `teams/wbe/`'],
    ['teams: {web: {}}', {}, '`web` needs the key `override_dir`'],
    [
      'teams: {web: {override_dir: teams/web, merge_strategy: {gates: replace}}}',
      { 'teams/web/prompts/plan.md': 'x' },
      '`gates` must be `additive`, not `replace`',
    ],
    [
      'teams: {web: {override_dir: teams/web}}',
      { 'teams/web/gates/after_tset.yaml': GATE },
      'there is no phase `tset`. Did you mean `test`?',
    ],
    [
      'teams: {web: {override_dir: teams/web}}',
      { 'teams/web/gates/test.yaml': 'criteria: {covrage_min: 1}' },
      'covrage_min',
    ],
  ])('is refused when %s is wrong: %j', (teams, files, expected) => {
    const messages = messagesFor(layer(`version: 1\nphases: [plan, test]\n${teams}\n`, files));

    expect(messages).toEqual([expect.stringContaining(expected)]);
  });
});
