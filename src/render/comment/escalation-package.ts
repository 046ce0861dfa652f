import { nodeAt } from '../../engine/state/node-at.ts';
import { splitKey } from '../../engine/state/node-key.ts';
import type { Gate } from '../../engine/state/run.ts';
import { isObject, type Json } from '../../plan/json.ts';
import { ofKind } from '../../plan/kinds.ts';
import { readPath } from '../../plan/read-path.ts';
import { fencedBlock, quoteBlock } from '../text/clean-block.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { fold } from './comment-frame.ts';
import type { ReportInput } from './report-input.ts';

const MOST_ROUNDS = 15;
const MOST_ARTEFACTS = 8;
const ARTEFACT_BYTES = 4_000;

/** What people need when called because a run cannot go on: the words of its author, what was tried, and what was made. */
export function escalationPackage(input: ReportInput, gate: Gate): readonly string[] {
  return [...authorsMessage(input, gate), ...rounds(input, gate), ...artefacts(input, gate)];
}

/** Teams and people an escalation calls, as its author named them. */
export function calledPeople({ plan }: ReportInput): readonly string[] {
  const mention = readPath(plan.policies.escalation, 'mention');
  return textsIn(mention ?? null).flatMap((name) => {
    const plain = name.replace(/^@/, '');
    return /^[A-Za-z0-9][\w-]{0,80}(?:\/[\w.-]{1,80})?$/.test(plain) ? [`@${plain}`] : [];
  });
}

/** A gate of a layer may say in its own words what its failure means. */
function authorsMessage(input: ReportInput, gate: Gate): readonly string[] {
  const message = readPath(policyOf(input, gate), 'message');
  if (typeof message !== 'string') return [];
  const blockers = readPath(judged(input, gate)?.data, 'stats.blockers');
  const facts: Readonly<Record<string, string>> = {
    retries: String(input.records.filter(isWayBackFrom(gate)).length),
    blocker_count: typeof blockers === 'number' ? String(blockers) : 'some',
  };
  const told = message.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(facts, name) ? (facts[name] ?? whole) : whole,
  );
  return [`**${cleanLine(told, 500)}**`];
}

/** Every round that led here, and what was wrong after it. */
function rounds(input: ReportInput, gate: Gate): readonly string[] {
  const { plan, run, records } = input;
  const ways = records.filter(isWayBackFrom(gate));
  if (ways.length === 0) return [];
  const rows = ways.map(({ detail }, index) => {
    const [round = '', ...failed] = (detail ?? '').split('; failed: ');
    return `| ${index + 1} | ${cleanLine(round, 80)} | ${cleanLine(failed.join('; failed: '), 300)} |`;
  });
  const left = rows.length - MOST_ROUNDS;
  const more = left > 0 ? [`| | ${left} earlier rounds | |`] : [];
  const result = nodeAt(plan, run, gate.node)?.state.result ?? null;
  const still = result?.fingerprint?.join(', ') || (result?.headline ?? '');
  const last = `| | then stopped: ${cleanLine(gate.trigger, 200)} | ${cleanLine(still, 300)} |`;
  const table = [
    '| | Round | What failed |',
    '|---|---|---|',
    ...more,
    ...rows.slice(-MOST_ROUNDS),
    last,
  ];
  return [fold(`What was tried (${ways.length})`, table.join('\n'), 'open')];
}

function isWayBackFrom({ node }: Gate) {
  return (record: ReportInput['records'][number]): boolean =>
    record.kind === 'loop' && record.node === node;
}

/** What the workflow says people should see, else what was judged. */
function artefacts(input: ReportInput, gate: Gate): readonly string[] {
  const named = [
    ...textsIn(readPath(policyOf(input, gate), 'context') ?? null),
    ...textsIn(readPath(input.plan.policies.escalation, 'context') ?? null),
  ];
  const nodes = named.flatMap((name) => nodeNamed(input, name) ?? []);
  const shown = [...new Set(nodes.length === 0 ? [judgedNode(input, gate)] : nodes)];
  return shown.slice(0, MOST_ARTEFACTS).flatMap((node) => artefact(input, node));
}

function artefact({ outputs, run, settings }: ReportInput, node: string): readonly string[] {
  const output = outputs[node];
  if (output === undefined || output.text.trim() === '') return [];
  const text = output.text.trim();
  const [words, data] = wordsAndData(text);
  const shown = [
    ...(words === '' ? [] : [quoteBlock(words, ARTEFACT_BYTES)]),
    ...(data === '' ? [] : [fencedBlock(data, 'json', ARTEFACT_BYTES)]),
  ].join('\n\n');
  const all = `All of it: ${code(`/${settings.prefix} output ${run.id} ${node}`)}`;
  return [fold(cleanLine(output.name ?? node, 80), `${shown}\n\n${all}`)];
}

/** A structured result follows the words it was submitted with. */
function wordsAndData(text: string): readonly [string, string] {
  const start = text.startsWith('{\n') ? 0 : text.indexOf('\n\n{\n');
  if (start < 0 || !text.endsWith('\n}')) return [text, ''];
  return [text.slice(0, start), text.slice(start).trimStart()];
}

function nodeNamed({ plan, run }: ReportInput, name: string): string | null {
  const graph = plan.graphs[plan.main];
  const node = graph?.nodes.find(({ id, output }) => output === name || id === name);
  return node === undefined || nodeAt(plan, run, node.id) === null ? null : node.id;
}

/** A gate is about what another step submitted. */
function judgedNode({ plan, run }: ReportInput, gate: Gate): string {
  const node = nodeAt(plan, run, gate.node)?.node;
  const judging = ofKind(node, 'gate');
  return judging === null ? gate.subject.node : splitKey(gate.node).frame + judging.subject;
}

function judged(input: ReportInput, gate: Gate) {
  return nodeAt(input.plan, input.run, judgedNode(input, gate))?.state.result ?? null;
}

/** The failed gate's own policy, by the gate's name in its file. */
function policyOf({ plan, run }: ReportInput, gate: Gate): Json {
  const title = nodeAt(plan, run, gate.node)?.node.title ?? '';
  const gates = readPath(plan.policies.escalation, 'gates');
  const name = title.replace(/^Gate /, '');
  return isObject(gates) && Object.hasOwn(gates, name) ? (gates[name] ?? null) : null;
}

function textsIn(value: Json): readonly string[] {
  return Array.isArray(value) ? value.filter((item: Json) => typeof item === 'string') : [];
}
