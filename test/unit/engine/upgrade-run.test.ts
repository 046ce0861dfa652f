import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idleNode } from '#src/engine/state/idle-node.ts';
import { RUN_VERSION } from '#src/engine/state/run.ts';
import { UPGRADES, upgradeRun } from '#src/engine/state/upgrade-run.ts';
import { isObject, type Json, type JsonObject } from '#src/plan/json.ts';
import { agent, aPlan, aPolicy, chain } from '#test/support/engine/plan-builder.ts';
import { done, Player } from '#test/support/engine/player.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/runs');
const VERSION_1: JsonObject = JSON.parse(
  readFileSync(join(FIXTURES, 'version-1.json'), 'utf8'),
).run;

/** A run of today whose one gate waits. */
function waiting(): Player {
  const nodes = [agent('plan', { approval: aPolicy() }), agent('build')];
  return new Player(aPlan({ nodes, edges: chain('plan', 'build') }))
    .start()
    .finish('plan', done({ usage: { inputTokens: 3, outputTokens: 1, usd: 1 } }));
}

const stored = (run: object): Record<string, Json> => JSON.parse(JSON.stringify(run));

/** What a run of the first days looks like: without what was added later, however deep. */
function firstDays(value: Json): Json {
  if (Array.isArray(value)) return value.map(firstDays);
  if (!isObject(value)) return value;
  const added = 'approvers' in value ? [...ADDED_LATER, 'item'] : ADDED_LATER;
  const kept = Object.entries(value).filter(([key]) => !added.includes(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, firstDays(inner)]));
}

const ADDED_LATER =
  'version subjectSha uncommitted trees alerts budgetBase cleared looks consent resolvedItems debts cutTo headOf answersFrom individual reminders remindedAt lastDay'.split(
    ' ',
  );

describe('a stored run', () => {
  it('has a row for each version before the present one, and a run of each is kept', () => {
    const versions = UPGRADES.map((_, row) => `version-${row + 1}.json`);

    expect(RUN_VERSION).toBe(UPGRADES.length + 1);
    expect(readdirSync(FIXTURES).toSorted()).toEqual(versions);
  });

  it('of today is taken as it is', () => {
    const run = stored(waiting().run);

    expect(upgradeRun(run)).toBe(run);
  });

  it('of the first days has everything that came later at its beginning', () => {
    const { run } = waiting();

    const old = firstDays(stored(run));

    expect(upgradeRun(isObject(old) ? old : {})).toEqual(stored(run));
  });

  it('keeps what it says, and gets what a node of today has', () => {
    const run = upgradeRun(VERSION_1);

    const keys = Object.keys(idleNode(1)).toSorted();
    const nodes = Object.values(run.frames).flatMap((frame) => Object.values(frame.nodes));
    expect(nodes.map((node) => Object.keys(node).toSorted())).toEqual(nodes.map(() => keys));
    expect(run).toMatchObject(VERSION_1);
  });

  it('counts its budget from its last resumption, where nobody granted it since', () => {
    const { run } = waiting();
    const usage = { inputTokens: 3, outputTokens: 1, usd: 1 };
    const base = { steps: 1, usage, workMs: 0 };
    const { budgetBase: _, ...counters } = run.counters;

    const upgraded = upgradeRun({
      ...stored(run),
      version: 1,
      counters: { ...stored(counters), base },
    });

    expect(upgraded.counters.budgetBase).toEqual(usage);
  });

  it('of a newer version is refused, and says what to do', () => {
    const newer = { ...stored(waiting().run), version: RUN_VERSION + 1 };

    expect(() => upgradeRun(newer)).toThrowError(
      `Run R1 was saved by a newer version of Sluice, in format ${RUN_VERSION + 1}; this one reads formats up to ${RUN_VERSION}. It was left as it is: start the newer version again.`,
    );
  });

  it.each([0, -1, 1.5, '2', null])('of version %j is refused', (version) => {
    const broken = { ...stored(waiting().run), version };

    expect(() => upgradeRun(broken)).toThrowError('names no version');
  });
});
