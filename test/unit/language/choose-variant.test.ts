import { describe, expect, it } from 'vitest';
import { chooseVariant, typeOf } from '#src/language/start/choose-variant.ts';
import { definitionIn, example, layer } from '#test/support/language/dialect-folder.ts';

const ROUTED = definitionIn(layer(example('agentic-layer/enterprise.yaml')), 'sdlc');
const labelled = (...labels: string[]) => ({
  type: null,
  labels: async () => labels,
  owners: async (): Promise<readonly string[]> => [],
});

const OF_TEAMS = definitionIn(
  layer(
    'version: 1\nphases: [plan, build]\nrouting: {bug: {phases: [build]}}\nteams: {web: {override_dir: teams/web}, data: {override_dir: teams/data}}\n',
    { 'teams/web/prompts/plan.md': 'Plan the web.', 'teams/data/prompts/plan.md': 'Plan data.' },
  ),
  'sdlc',
);

describe('typeOf', () => {
  it.each([
    [['bug'], 'bug'],
    [['Bug'], 'bug'],
    [['type: bug'], 'bug'],
    [['kind/bug'], 'bug'],
    [['urgent', 'enhancement', 'bug'], 'feature'],
    [['urgent'], null],
    [['constructor'], null],
    [[], null],
  ])('reads %j', (labels, type) => {
    expect(typeOf(labels, ['bug', 'feature'])).toBe(type);
  });
});

describe('chooseVariant', () => {
  it('follows the labels of the issue', async () => {
    expect(await chooseVariant(ROUTED, labelled('bug'))).toBe(ROUTED.variants?.['bug']);
  });

  it('follows the type that was named rather than the labels', async () => {
    const facts = { ...labelled('bug'), type: 'patch' };

    expect(await chooseVariant(ROUTED, facts)).toBe(ROUTED.variants?.['patch']);
  });

  it('is the workflow itself when nothing tells the type', async () => {
    expect(await chooseVariant(ROUTED, labelled('urgent'))).toBe(ROUTED);
  });

  it('is that of the team a label names, and of the type in it', async () => {
    const { teams = {} } = OF_TEAMS;

    expect(await chooseVariant(OF_TEAMS, labelled('Team: Web'))).toBe(teams['web']);
    expect(await chooseVariant(OF_TEAMS, labelled('team/web', 'bug'))).toBe(
      teams['web']?.variants?.['bug'],
    );
    expect(await chooseVariant(OF_TEAMS, labelled('team:nobody'))).toBe(OF_TEAMS);
  });

  it('is that of the team that owns most, if it has files, where no label names one', async () => {
    const { teams = {} } = OF_TEAMS;
    const owned = (...labels: string[]) => ({
      ...labelled(...labels),
      owners: async () => ['docs', 'data', 'web'],
    });

    expect(await chooseVariant(OF_TEAMS, owned())).toBe(teams['data']);
    expect(await chooseVariant(OF_TEAMS, owned('team:web'))).toBe(teams['web']);
  });

  it('does not ask for labels where they make no difference', async () => {
    const plain = definitionIn(layer(example('agentic-layer/minimal.yaml')), 'sdlc');
    const labels = () => Promise.reject(new Error('nobody needs them'));

    const facts = { type: null, labels, owners: labels };

    expect(await chooseVariant(plain, facts)).toBe(plain);
  });
});
