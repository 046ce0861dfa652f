import { describe, expect, it } from 'vitest';
import { chooseVariant, typeOf } from '#src/workflow/choose-variant.ts';
import { definitionIn, example, layer } from '#test/support/workflow/dialect-folder.ts';

const ROUTED = definitionIn(layer(example('agentic-layer/enterprise.yaml')), 'sdlc');
const labelled = (...labels: string[]) => ({ type: null, labels: async () => labels });

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

  it('does not ask for labels where they make no difference', async () => {
    const plain = definitionIn(layer(example('agentic-layer/minimal.yaml')), 'sdlc');
    const labels = () => Promise.reject(new Error('nobody needs them'));

    expect(await chooseVariant(plain, { type: null, labels })).toBe(plain);
  });
});
