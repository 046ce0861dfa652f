import { describe, expect, it } from 'vitest';
import type { On } from '#src/language/native/schema/triggers.ts';
import { type Candidate, chooseWorkflow } from '#src/language/start/choose-workflow.ts';

const own = (name: string, on?: On): Candidate => ({ spec: { name, on }, own: true });
const builtin = (name: string, on?: On): Candidate => ({ spec: { name, on }, own: false });
const label = (given: Exclude<On['label'], string | undefined>): On => ({ label: given });
const EVERYWHERE = { items: ['issue', 'pr'] as ('issue' | 'pr')[], consume: true };

describe('the workflow a label or a command means', () => {
  it('is the one of that name, for people with write access, when it does not say', () => {
    expect(chooseWorkflow('Code_Review', 'label', [builtin('code-review')])).toEqual({
      type: 'found',
      name: 'code-review',
      entrance: { name: 'code-review', by: 'write', ...EVERYWHERE },
    });
  });

  it('is the one that gave itself this name at this door, with what it asks for there', () => {
    const release = own(
      'release',
      label({ name: 'ship', by: 'admin', items: ['pr'], consume: false }),
    );

    expect(chooseWorkflow('ship', 'label', [builtin('tdd'), release])).toEqual({
      type: 'found',
      name: 'release',
      entrance: { name: 'ship', by: 'admin', items: ['pr'], consume: false },
    });
  });

  it('is not found by its own name when it goes by another, or has no such door', () => {
    const release = own('release', { label: 'ship' });

    expect(chooseWorkflow('release', 'label', [release]).type).toBe('elsewhere');
    expect(chooseWorkflow('release', 'command', [release]).type).toBe('elsewhere');
    expect(chooseWorkflow('ship', 'command', [release])).toEqual({
      type: 'unknown',
      suggestion: null,
    });
  });

  it('is the one of the repository before one that comes with the app', () => {
    const mine = own('mine', { command: 'tdd' });

    expect(chooseWorkflow('tdd', 'command', [builtin('tdd'), mine])).toMatchObject({
      type: 'found',
      name: 'mine',
    });
  });

  it('is none when two of the repository lay claim to the word', () => {
    const one = own('one', { label: 'ship' });

    expect(chooseWorkflow('ship', 'label', [one, own('ship')])).toEqual({
      type: 'several',
      names: ['one', 'ship'],
    });
  });

  it('is guessed from the names people can use there', () => {
    expect(chooseWorkflow('shp', 'label', [own('release', { label: 'ship' })])).toEqual({
      type: 'unknown',
      suggestion: 'ship',
    });
  });
});

describe('starting again what ran before', () => {
  it.each<[string, On | undefined, string]>([
    ['neither door says', undefined, 'write'],
    [
      'the narrowest door asks for more',
      { label: label({ ...EVERYWHERE, by: 'admin' }).label, command: 'x' },
      'admin',
    ],
    ['anybody may start it', label({ ...EVERYWHERE, by: 'any' }), 'write'],
    ['only events start it', { dispatch: true }, 'write'],
  ])('when %s, takes the role %3$s', (_, on, by) => {
    expect(chooseWorkflow('review', 'again', [own('review', on)])).toMatchObject({
      type: 'found',
      entrance: { by },
    });
  });
});

describe('a plan, which starts nothing', () => {
  it('is shown by the name of the command and by the own one', () => {
    const release = own('release', { command: 'ship' });

    expect(chooseWorkflow('ship', 'plan', [release])).toMatchObject({ name: 'release' });
    expect(chooseWorkflow('release', 'plan', [release])).toMatchObject({ name: 'release' });
  });
});
