import { expect, it } from 'vitest';
import { commandFromLabel } from '#src/commands/from-label.ts';
import type { RunStatus } from '#src/engine/state/run.ts';
import { reactionFor, reactionForEnd } from '#src/render/answer/reactions.ts';
import { labelsFor } from '#src/render/pull/labels.ts';
import { aRun, STORY } from '../report-builders.ts';

const labels = (status: RunStatus, trigger: string | null = null) =>
  labelsFor(aRun(STORY, {}, { status }), 'sluice', trigger);

it.each<[RunStatus, string | null]>([
  ['queued', 'sluice:running'],
  ['running', 'sluice:running'],
  ['waiting', 'sluice:waiting'],
  ['succeeded', 'sluice:done'],
  ['failed', 'sluice:failed'],
  ['escalated', 'sluice:needs-human'],
  ['cancelled', null],
  ['expired', null],
])('a run that is %s has the label %s and no other state', (status, name) => {
  const { add, remove } = labels(status);
  const all = [
    'sluice:running',
    'sluice:waiting',
    'sluice:needs-human',
    'sluice:done',
    'sluice:failed',
  ];

  expect(add?.name ?? null).toBe(name);
  expect(remove).toEqual(all.filter((other) => other !== name));
});

it('takes the label that started the run off', () => {
  expect(labels('running', 'sluice:feature').remove).toContain('sluice:feature');
});

it('sets no label that would start a run', () => {
  for (const status of ['running', 'waiting', 'escalated', 'succeeded', 'failed'] as const) {
    expect(commandFromLabel(labels(status).add!.name, 'sluice')).toBeNull();
  }
});

it('has a colour and a description GitHub accepts', () => {
  const { add } = labels('waiting');

  expect(add!.color).toMatch(/^[0-9a-f]{6}$/);
  expect(add!.description.length).toBeLessThanOrEqual(100);
});

it.each<[RunStatus, string | null]>([
  ['running', null],
  ['waiting', null],
  ['succeeded', 'hooray'],
  ['failed', 'confused'],
  ['escalated', 'confused'],
  ['cancelled', '-1'],
  ['expired', '-1'],
])('the trigger of a run that is %s gets %s', (status, reaction) => {
  expect(reactionForEnd(status)).toBe(reaction);
});

it.each([
  ['admitted', 'eyes'],
  ['done', 'rocket'],
  ['nothing-to-do', '+1'],
  ['not-allowed', '-1'],
  ['not-understood', 'confused'],
] as const)('a command that is %s gets %s', (moment, reaction) => {
  expect(reactionFor(moment)).toBe(reaction);
});
