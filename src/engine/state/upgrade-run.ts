import { isObject, type Json, type JsonObject } from '../../plan/json.ts';
import { type Upgrade, upgradeStored } from '../../plan/upgrade.ts';
import type { Run } from './run.ts';

/** One row per version of a stored run, oldest first; a released row is never edited. */
export const UPGRADES: readonly Upgrade[] = [fromVersion1];

/** A run stored by any version, in the shape of `run.ts`. A current one is returned as it is. */
export function upgradeRun(stored: JsonObject): Run {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `saveRun`, and brought to the present version
  return upgradeStored(`Run ${nameOf(stored)}`, stored, UPGRADES) as unknown as Run;
}

function nameOf({ id = null }: JsonObject): string {
  return typeof id === 'string' ? id : 'without an id';
}

/** Version 1 grew without a number: later additions are missing from what was saved before them. */
function fromVersion1(run: JsonObject): JsonObject {
  const gates = objectsIn(run['gates']);
  return {
    subjectSha: null,
    uncommitted: null,
    trees: {},
    alerts: [],
    ...run,
    counters: countersFrom1(objectIn(run['counters'])),
    gates: gates.map(gateFrom1),
    frames: mapValues(objectIn(run['frames']), (frame) => ({
      ...frame,
      nodes: mapValues(objectIn(frame['nodes']), (node) => nodeFrom1(node, gates)),
    })),
  };
}

function countersFrom1(counters: JsonObject): JsonObject {
  return { budgetBase: objectIn(counters['base'])['usage'] ?? null, ...counters };
}

function nodeFrom1(node: JsonObject, gates: readonly JsonObject[]): JsonObject {
  const { result = null } = node;
  return {
    cleared: null,
    looks: 0,
    ...node,
    consent: node['consent'] ?? consentAt(node, gates),
    result: isObject(result) ? { resolvedItems: [], debts: [], cutTo: null, ...result } : null,
  };
}

/** At first a node only knew its last gate, which may have asked for consent to it. */
function consentAt(node: JsonObject, gates: readonly JsonObject[]): Json {
  const last = gates.find(({ id }) => id === node['gate']);
  return last?.['individual'] === true ? (last['id'] ?? null) : null;
}

function gateFrom1(gate: JsonObject): JsonObject {
  return {
    item: null,
    answersFrom: 'approvers',
    individual: false,
    reminders: 0,
    remindedAt: null,
    lastDay: false,
    ...gate,
    subject: { headOf: 'branch', ...objectIn(gate['subject']) },
  };
}

function mapValues(record: JsonObject, change: (value: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(objectIn(value))]),
  );
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item: Json) => isObject(item)) : [];
}

function objectIn(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
