import { outcomeFor } from '../../engine/read/outcome-for.ts';
import { graphsInUse } from '../../engine/state/graphs-in-use.ts';
import { splitKey } from '../../engine/state/node-key.ts';
import type { Gate, NodeKey, Verdict } from '../../engine/state/run.ts';
import { isRecord } from '../../is-record.ts';
import { nearest } from '../../language/problems/nearest.ts';
import type { Plan, PlanNode } from '../../plan/plan.ts';
import { type GivenAnswer, type Move, STEP_FAILED } from './move.ts';
import type { Moves } from './moves.ts';
import { type Script, type ScriptAnswer, wordsOf } from './script.ts';
import { expecting, type Stage } from './stage.ts';

/** Chooses, at each stage, the one move that is made. */
export type Director = (stage: Stage, moves: Moves) => Direction;

export type Direction =
  | { readonly type: 'move'; readonly move: Move; readonly scripted: boolean }
  /** The script says something impossible. */
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'none' };

/** Always the first option: the first rule, the approval, the first item. */
export const firstRule: Director = (stage, moves) => {
  const [move] = moves.at(stage);
  return move === undefined ? { type: 'none' } : { type: 'move', move, scripted: false };
};

/** What the script says, line by line; the first rule where it says nothing. */
export function scripted(
  plan: Plan,
  script: Script,
): Director & { readonly leftOver: () => readonly string[] } {
  const used = new Map<string, number>();
  const take = <T>(
    lists: Readonly<Record<string, readonly T[]>>,
    section: string,
    key: NodeKey,
  ): T | undefined => {
    const name = [key, splitKey(key).id].find((one) => Object.hasOwn(lists, one));
    if (name === undefined) return undefined;
    const place = used.get(`${section}.${name}`) ?? 0;
    const entry = lists[name]?.[place];
    if (entry !== undefined) used.set(`${section}.${name}`, place + 1);
    return entry;
  };
  const director: Director = (stage, moves) => {
    const next = expecting(plan, stage);
    if (next.type === 'work') {
      const { phase } = next.state;
      const isAside = phase === 'merge' || phase === 'preflight';
      const answer = isAside ? undefined : take(script.steps, 'steps', next.key);
      return answer === undefined
        ? firstRule(stage, moves)
        : { type: 'move', move: moveFor(next.key, next.node, answer), scripted: true };
    }
    if (next.type === 'decision') {
      const decision = take(script.gates, 'gates', next.gate.node);
      return decision === undefined
        ? firstRule(stage, moves)
        : decide(next.gate, wordsOf(decision));
    }
    return firstRule(stage, moves);
  };
  const leftOver = (): readonly string[] =>
    (['steps', 'gates'] as const).flatMap((section) =>
      Object.entries(script[section]).flatMap(([name, list]) => {
        const count = used.get(`${section}.${name}`) ?? 0;
        return count < list.length
          ? [`${section}.${name}: ${list.length - count} of ${list.length}`]
          : [];
      }),
    );
  return Object.assign(director, { leftOver });
}

function moveFor(key: NodeKey, node: PlanNode, answer: ScriptAnswer): Move {
  if (answer === 'fail') return { type: 'failure', node: key, reason: STEP_FAILED };
  if (typeof answer === 'object' && 'fail' in answer) {
    return { type: 'failure', node: key, reason: answer.fail };
  }
  return { type: 'answer', node: key, answer: given(node, answer) };
}

function given(
  node: PlanNode,
  answer: Exclude<ScriptAnswer, 'fail' | { fail: string }>,
): GivenAnswer {
  if (typeof answer === 'string')
    return { outcome: answer, status: null, data: null, text: 'Done.' };
  const { outcome, data = null, text = 'Done.', items, asks, unsure } = answer;
  const field = 'result' in node ? (node.result?.statusField ?? null) : null;
  const told = field !== null && isRecord(data) ? data[field] : undefined;
  const status = answer.status ?? (typeof told === 'string' ? told : null);
  const meant = status === null ? undefined : outcomeFor(status);
  return {
    outcome: outcome ?? meant ?? 'ok',
    status,
    data,
    text,
    ...(items === undefined ? {} : { items }),
    ...(asks === undefined ? {} : { asks }),
    ...(unsure === undefined ? {} : { isUnsure: unsure }),
  };
}

function decide(
  gate: Gate,
  { verdict, text }: { verdict: string; text: string | null },
): Direction {
  const { id, node, verdicts, expiresAt } = gate;
  if (verdict === 'expire') {
    if (expiresAt === null)
      return { type: 'refused', message: `gate ${id} of \`${node}\` never expires.` };
    const move: Move = { type: 'expiry', gate: id, node, at: Date.parse(expiresAt) };
    return { type: 'move', move, scripted: true };
  }
  const offered = verdicts.find((one): one is Verdict => one === verdict);
  if (offered === undefined) {
    const message = `gate ${id} of \`${node}\` does not take \`${verdict}\`, only ${verdicts.join(', ')}.`;
    return { type: 'refused', message };
  }
  const said = text ?? (offered === 'approve' || offered === 'deny' ? null : 'As discussed.');
  return {
    type: 'move',
    move: { type: 'verdict', gate: id, node, verdict: offered, text: said },
    scripted: true,
  };
}

/** Names in a script that no step of the plan has. */
export function strangersIn(
  script: Script,
  plan: Plan,
): readonly { name: string; suggestion: string | null }[] {
  const known = graphsInUse(plan).flatMap(({ nodes }) => nodes.map(({ id }) => id));
  const names = [...Object.keys(script.steps), ...Object.keys(script.gates)];
  return names
    .filter((name) => !known.includes(splitKey(name).id))
    .map((name) => ({ name, suggestion: nearest(name, known) }));
}
