import type { TransitionRecord } from '#src/engine/state/event.ts';
import { newRun } from '#src/engine/state/new-run.ts';
import type { Gate, NodeResult, NodeState, Run } from '#src/engine/state/run.ts';
import type { AgentNode, Edge, Plan } from '#src/plan/plan.ts';
import type { ReportInput } from '#src/render/comment/report-input.ts';

export const HEAD = '9d01aa7c0ffee9d01aa7c0ffee9d01aa7c0ffee9';
const DIGEST = `sha256:${'4be17a02'.repeat(7)}5d3e9c02`;

function anAgent(id: string, facts: Partial<AgentNode> = {}): AgentNode {
  return {
    id,
    kind: 'agent',
    title: null,
    join: 'all',
    disposition: 'required',
    workspace: 'read',
    when: null,
    approval: null,
    consent: null,
    retries: 0,
    timeoutMs: null,
    output: id.replaceAll('-', '_'),
    inputs: null,
    requiredInputs: [],
    requires: [],
    finally: false,
    once: false,
    stopPoint: false,
    risky: false,
    budget: null,
    line: null,
    persona: 'Planner',
    prompt: 'Do it.',
    model: null,
    effort: null,
    agent: null,
    access: 'readonly',
    session: 'fresh',
    execution: 'subagent',
    result: null,
    checks: [],
    handoffs: [],
    report: [],
    visibility: { mode: 'full', include: [], exclude: [] },
    cache: false,
    meta: {},
    ...facts,
  };
}

/** Steps with the ids of those they wait for, as in `{ plan: [], build: ['plan'] }`. */
export function aPlan(
  steps: Readonly<Record<string, readonly string[]>>,
  facts: Readonly<Record<string, Partial<AgentNode>>> = {},
): Plan {
  const edges: Edge[] = Object.entries(steps).flatMap(([to, sources]) =>
    sources.map((from) => ({ id: `${from}>${to}`, from, to, when: { type: 'always' } })),
  );
  return {
    version: 1,
    name: 'feature',
    description: 'From an issue to a reviewed pull request',
    dialect: 'native',
    main: 'main',
    graphs: {
      main: {
        id: 'main',
        mode: 'graph',
        nodes: Object.keys(steps).map((id) => anAgent(id, facts[id])),
        edges,
        loops: [],
        returns: null,
        maxParallel: null,
      },
    },
    personas: {},
    policies: {
      params: {},
      budget: null,
      caps: { visitsPerNode: 10, steps: 100, tokens: null, usd: null, wallMs: null },
      maxParallel: null,
      onFailure: 'drain',
      autonomy: 'assisted',
      reliability: null,
      evalGate: null,
      escalation: null,
      consentLifetimeMs: 10_800_000,
    },
    source: {
      origin: 'repository',
      path: '.github/sluice/workflows/feature.yml',
      commit: '3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa',
      digest: 'sha256:0',
    },
  };
}

export const STORY = aPlan(
  {
    requirements: [],
    plan: ['requirements'],
    implement: ['plan'],
    'security-review': ['implement'],
    'performance-review': ['implement'],
    publish: ['security-review', 'performance-review'],
  },
  { implement: { workspace: 'write' }, publish: { workspace: 'write' } },
);

export function aResult(headline: string, facts: Partial<NodeResult> = {}): NodeResult {
  return {
    outcome: 'ok',
    statusRaw: null,
    data: null,
    headline,
    digest: DIGEST,
    size: 6400,
    openItems: [],
    resolvedItems: [],
    notes: [],
    warnings: [],
    debts: [],
    fingerprint: null,
    cutTo: null,
    ...facts,
  };
}

/** A step that ran from minute `from` to minute `to` past nine. */
export function done(from: number, to: number, headline: string, facts: Partial<NodeState> = {}) {
  return {
    status: 'completed' as const,
    readyAt: minute(from),
    startedAt: minute(from),
    finishedAt: minute(to),
    result: aResult(headline),
    usage: { inputTokens: 17_000, outputTokens: 1000, usd: 0.11 },
    ...facts,
  };
}

export function minute(past: number): string {
  return new Date(Date.UTC(2026, 10, 21, 9, past)).toISOString();
}

export function aRun(
  plan: Plan,
  nodes: Readonly<Record<string, Partial<NodeState>>> = {},
  facts: Partial<Run> = {},
): Run {
  const run = newRun({ id: 'R2345ABC', plan, starter: 'dana', params: {}, headSha: null });
  const root = run.frames['']!;
  const states = Object.entries(nodes).map(([id, state]) => [id, { ...root.nodes[id]!, ...state }]);
  const frames = {
    ...run.frames,
    '': { ...root, nodes: { ...root.nodes, ...Object.fromEntries(states) } },
  };
  return { ...run, status: 'running', startedAt: minute(0), frames, ...facts };
}

export function aGate(facts: Partial<Gate> = {}): Gate {
  return {
    id: 'G1',
    node: 'plan',
    visit: 1,
    kind: 'approval',
    when: 'after',
    prompt: 'Is the scope right, and may the agent touch these files?',
    trigger: 'The workflow asks for approval.',
    round: 1,
    openedAt: minute(8),
    expiresAt: '2026-11-24T09:46:00.000Z',
    subject: {
      output: 'plan',
      node: 'plan',
      digest: DIGEST,
      size: 6400,
      headSha: null,
      headOf: 'branch',
    },
    verdicts: ['approve', 'deny', 'revise', 'edit'],
    approvers: { role: 'write', teams: [], users: [], count: 1 },
    selfApprove: 'allow',
    revise: { to: 'plan', left: 3, max: 3 },
    item: null,
    batch: false,
    votes: [],
    status: 'open',
    voidReason: null,
    decision: null,
    answersFrom: 'approvers',
    individual: false,
    reminders: 0,
    remindedAt: null,
    lastDay: false,
    ...facts,
  };
}

export function aRecord(kind: string, facts: Partial<TransitionRecord> = {}): TransitionRecord {
  return {
    at: minute(0),
    node: null,
    visit: null,
    attempt: null,
    kind,
    reasonCode: null,
    detail: null,
    actor: null,
    ...facts,
  };
}

export function anInput(facts: Partial<ReportInput> = {}): ReportInput {
  const plan = facts.plan ?? STORY;
  return {
    plan,
    run: aRun(plan),
    context: {
      installationId: 1,
      repository: {
        id: 1,
        owner: 'acme',
        name: 'api',
        cloneUrl: 'https://github.com/acme/api.git',
        htmlUrl: 'https://github.com/acme/api',
        defaultBranch: 'main',
        private: false,
      },
      subject: {
        type: 'issue',
        number: 214,
        title: 'Rate limiting for the public API',
        author: 'carol',
      },
      branch: 'sluice/214-feature-R2345ABC',
      baseSha: '3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa3f9c2e1aaa',
      baseRef: 'main',
      workflow: 'feature',
      task: 'Rate limiting for the public API',
      origin: 'github',
      trigger: {
        via: 'label',
        login: 'dana',
        text: 'sluice:feature',
        deliveryId: null,
        commentId: null,
      },
    },
    records: [],
    outputs: {},
    links: { runPage: null, runComment: null, gates: {}, pullRequest: null },
    quiet: {},
    now: minute(30),
    settings: {
      prefix: 'sluice',
      bare: true,
      instance: 'main',
      version: '1.0.0',
      mention: 'approvers',
      endComment: 'long-or-gated',
    },
    ...facts,
  };
}

const SO_FAR = {
  requirements: done(0, 2, '6 requirements, 2 assumptions, confidence high'),
  plan: done(2, 8, '7 tasks, 9 files'),
};

/** The story of one run, in the states people see it in. */
export const STATES = {
  queued: anInput({ run: aRun(STORY, {}, { status: 'queued', startedAt: null }) }),
  running: anInput({
    run: aRun(STORY, {
      ...SO_FAR,
      implement: { status: 'running', readyAt: minute(8), startedAt: minute(8) },
    }),
    records: [
      aRecord('run-started', { actor: 'dana' }),
      aRecord('node-started', { node: 'requirements', visit: 1, attempt: 1 }),
      aRecord('node-completed', { at: minute(2), node: 'requirements', visit: 1, attempt: 1 }),
      aRecord('node-completed', { at: minute(8), node: 'plan', visit: 1, attempt: 1 }),
    ],
  }),
  waiting: anInput({
    run: aRun(
      STORY,
      { ...SO_FAR, plan: { ...SO_FAR.plan, status: 'awaiting-approval', gate: 'G1' } },
      { status: 'waiting', gates: [aGate()] },
    ),
    records: [
      aRecord('run-started', { actor: 'dana' }),
      aRecord('gate-opened', { at: minute(8), node: 'plan', reasonCode: 'approval', detail: 'G1' }),
    ],
    outputs: {
      plan: {
        name: 'plan',
        text: '# Plan\n\n1. Add a token bucket in `src/limits`\n2. Answer **429** with `Retry-After`\n\n```ts\nlimit(100)\n```',
        digest: DIGEST,
        size: 6400,
      },
    },
    links: {
      runPage: null,
      runComment: 'https://github.com/acme/api/issues/214#issuecomment-30',
      gates: { G1: 'https://github.com/acme/api/issues/214#issuecomment-31' },
      pullRequest: null,
    },
  }),
  warned: anInput({
    run: aRun(
      STORY,
      {
        ...SO_FAR,
        implement: done(8, 20, 'Add a token bucket to the public API', { commit: HEAD }),
        'security-review': done(20, 22, 'no findings'),
        'performance-review': done(20, 23, '2 debt, 3 notes', {
          result: aResult('2 debt, 3 notes', {
            warnings: ['One query per row in a loop of up to 500'],
          }),
        }),
        publish: done(23, 24, 'Pull request is up to date'),
      },
      {
        status: 'succeeded',
        settledAt: minute(50),
        headSha: HEAD,
        gates: [
          aGate({
            status: 'decided',
            decision: {
              verdict: 'approve',
              by: 'lee',
              at: minute(14),
              text: null,
              channel: 'github',
            },
          }),
        ],
        counters: {
          gates: 1,
          steps: 6,
          usage: { inputTokens: 200_000, outputTokens: 12_000, usd: 2.21 },
          workMs: 24 * 60_000,
          degradations: 0,
          resumes: 0,
          base: { steps: 0, usage: { inputTokens: 0, outputTokens: 0, usd: null }, workMs: 0 },
          budgetBase: { inputTokens: 0, outputTokens: 0, usd: null },
        },
      },
    ),
    links: {
      runPage: null,
      runComment: 'https://github.com/acme/api/issues/214#issuecomment-30',
      gates: { G1: 'https://github.com/acme/api/issues/214#issuecomment-31' },
      pullRequest: { number: 482, url: 'https://github.com/acme/api/pull/482', draft: false },
    },
  }),
  failed: anInput({
    run: aRun(
      STORY,
      {
        ...SO_FAR,
        implement: {
          status: 'failed',
          attempt: 3,
          readyAt: minute(8),
          startedAt: minute(8),
          finishedAt: minute(20),
          reason: { code: 'crashed', message: 'The agent ended with status 1.' },
        },
        'security-review': {
          status: 'blocked',
          reason: { code: 'blocked', message: 'implement failed.' },
        },
        'performance-review': {
          status: 'blocked',
          reason: { code: 'blocked', message: 'implement failed.' },
        },
        publish: { status: 'blocked', reason: { code: 'blocked', message: 'implement failed.' } },
      },
      {
        status: 'failed',
        settledAt: minute(20),
        reason: { code: 'node-failed', message: 'implement: The agent ended with status 1.' },
      },
    ),
  }),
  cancelled: anInput({
    run: aRun(
      STORY,
      {
        ...SO_FAR,
        implement: {
          status: 'cancelled',
          readyAt: minute(8),
          startedAt: minute(8),
          finishedAt: minute(9),
        },
      },
      {
        status: 'cancelled',
        settledAt: minute(9),
        reason: { code: 'cancelled', message: 'wrong issue' },
      },
    ),
    records: [aRecord('run-cancelled', { at: minute(9), actor: 'dana', detail: 'wrong issue' })],
  }),
  escalated: anInput({
    run: aRun(
      STORY,
      {
        requirements: {
          status: 'failed',
          reason: { code: 'no-progress', message: 'No progress.' },
        },
      },
      {
        status: 'escalated',
        settledAt: minute(9),
        reason: { code: 'no-progress', message: 'The last round made no progress.' },
      },
    ),
  }),
  expired: anInput({
    run: aRun(
      STORY,
      { ...SO_FAR },
      {
        status: 'expired',
        settledAt: minute(40),
        reason: { code: 'gate-expired', message: 'plan: Nobody decided gate G1 in time.' },
        gates: [aGate({ status: 'expired' })],
      },
    ),
  }),
} satisfies Record<string, ReportInput>;

/** A way on as a person would type it: the block it asks for stands below the line. */
export function asTyped(line: string): string {
  return line.replace(/ <[^>]*>$/, '\n```\nnew text\n```');
}
