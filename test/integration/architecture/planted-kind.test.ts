import { describe, expect, it } from 'vitest';
import { compilePlanted, type Planted } from '#test/support/architecture/compile-planted.ts';

const WEBHOOK_NODE = `export interface WebhookNode extends NodeCommon {
  readonly kind: 'webhook';
  readonly url: string;
}
`;

const STEP: Planted['before'] = [
  ['src/plan/plan.ts', 'export interface NoopNode extends NodeCommon {', WEBHOOK_NODE],
  ['src/plan/plan.ts', '  | NoopNode;', '  | WebhookNode'],
];
const ROW = `  webhook: {
    worker: 'machine',
    members: 'none',
    trees: 'around',
    isOwnFile: false,
    spreads: 'never',
    settledBy: null,
    isStep: true,
  },`;
const ANSWERS: Planted['before'] = [['src/plan/kinds.ts', '  noop: {', ROW]];
const GATE: Planted['before'] = [['src/engine/state/run.ts', "  'open-items',", "  'deadline',"]];

describe('a kind of step that somebody plants', () => {
  it('has to answer the questions about kinds of step first', () => {
    expect(compilePlanted({ before: STEP })).toContain(
      'src/plan/kinds.ts: } as const satisfies Record<NodeKind, Kind>;',
    );
  });

  it('is named wherever a kind of step has a way of its own', () => {
    expect(compilePlanted({ before: [...STEP, ...ANSWERS] })).toEqual([
      'src/doctor/simulate/moves.ts: #preparedOf(node: PlanNode): readonly GivenAnswer[] | null {',
      'src/engine/flow/composites.ts: export function compositeOf(node: PlanNode): BoundComposite | null {',
      'src/engine/flow/start-node.ts: const START: Readonly<Record<NodeKind, Start>> = {',
      'src/steps/execute-preflight.ts: ): Promise<Failure | null> {',
      'src/steps/executors.ts: const EXECUTORS: Readonly<Record<NodeKind, Executor>> = {',
      'src/steps/outputs/mask-data.ts: const PARTS: Readonly<Record<NodeKind, MaskParts | null>> = {',
    ]);
  });
});

describe('a kind of gate that somebody plants', () => {
  it('is named wherever a kind of gate is answered for', () => {
    expect(compilePlanted({ before: GATE })).toEqual([
      'src/engine/decide/approve.ts: const GRANTS: Readonly<Record<GateKind, ((draft: Draft) => void) | null>> = {',
      'src/engine/state/gates.ts: export const GATES: Readonly<Record<GateKind, GateRule>> = {',
      'src/render/comment/exits.ts: const APPROVED: Readonly<Record<GateKind, (gate: Gate) => string>> = {',
    ]);
  });
});
