import { describe, expect, it } from 'vitest';
import { agentsEverywhere, folder, graphOf, planOf } from './built-in.ts';
import { played } from './played.ts';

const OTHERS = new Set(
  'tdd code-review sparc log-analysis feature ideation security-audit brainstorm sdlc'.split(' '),
);
const analysis = (patch: Record<string, unknown> = {}) => ({
  data: {
    scale: 'medium',
    confidence: 'confirmed',
    affectedLayers: ['backend'],
    adrRequired: false,
    ...patch,
  },
});
const ok = { status: 'approved' };
const decision = (word: string) => ({
  status: word,
  data: { verdict: { decision: word, conditions: [] } },
});
const one = [{ id: 'P1-T1', file: 'docs/plans/tasks/a-task-01.md', depends_on: [] }];
const executed = (requiresTestReview = false) => ({
  status: 'completed',
  data: { status: 'completed', requiresTestReview },
});
const clean = { data: { summary: { status: 'consistent' } } };
const safe = { status: 'approved', data: { status: 'approved' } };
const quiet = {
  'design-sync': [{ data: { sync_status: 'NO_CONFLICTS' } }],
  gaps: [{ items: [] }],
  tasks: [{ items: one }],
  execute: [executed()],
  quality: [ok],
  'code-verification': [clean],
  'security-verification': [safe],
};
const TASKS = ['execute', 'quality'];
const VERIFIED = ['code-verification', 'security-verification', 'completion-report', 'summary'];
const PLANNED = ['acceptance-tests', 'work-plan', '[S]', 'task-decomposition'];
const DESIGNED = ['technical-design', 'design-verification', 'design-review', 'design-sync', '[S]'];

describe('implement', () => {
  it('small: plans simply and implements directly, with two stops', () => {
    const { steps, run } = played('implement', {
      steps: { ...quiet, 'requirement-analysis': [analysis({ scale: 'small' })] },
    });

    expect(steps).toEqual([
      'requirement-analysis',
      '[S]',
      'simple-plan',
      '[S]',
      ...TASKS,
      'summary',
    ]);
    expect(run.status).toBe('succeeded');
  });

  it('medium: designs, plans and builds, with three stops', () => {
    const { steps, run } = played('implement', {
      steps: { ...quiet, 'requirement-analysis': [analysis()] },
    });

    expect(steps).toEqual([
      'requirement-analysis',
      '[S]',
      'codebase-analysis-medium',
      ...DESIGNED,
      ...PLANNED,
      ...TASKS,
      ...VERIFIED,
    ]);
    expect(run.status).toBe('succeeded');
  });

  it('large, with a frontend and a decision to take: every document, each with its stop', () => {
    const { steps, run } = played('implement', {
      steps: {
        ...quiet,
        'requirement-analysis': [
          analysis({ scale: 'large', affectedLayers: ['backend', 'frontend'], adrRequired: true }),
        ],
      },
    });

    expect(steps).toEqual([
      'requirement-analysis',
      '[S]',
      'prd',
      'prd-review',
      '[S]',
      'ui-spec',
      'ui-spec-review',
      '[S]',
      'adr',
      'adr-review',
      '[S]',
      'codebase-analysis',
      ...DESIGNED,
      ...PLANNED,
      ...TASKS,
      ...VERIFIED,
    ]);
    expect(run.status).toBe('succeeded');
  });

  it('runs every task after the batch approval without asking again', () => {
    const items = ['a', 'b', 'c'].map((id) => ({ id, depends_on: [] }));

    const { steps, run } = played('implement', {
      steps: {
        ...quiet,
        'requirement-analysis': [analysis()],
        tasks: [{ items }],
        execute: [executed(), executed(), executed()],
      },
    });

    const autonomous = steps.slice(steps.indexOf('task-decomposition') + 1);
    expect(autonomous).toEqual([...TASKS, ...TASKS, ...TASKS, ...VERIFIED]);
    expect(run.autonomous).toBe(true);
  });
});

describe('conditions of a review', () => {
  const conditions = ['Say who is told'];
  const approvedUnder = {
    status: 'approved_with_conditions',
    data: { verdict: { decision: 'approved_with_conditions', conditions } },
  };
  const building = (more: Readonly<Record<string, readonly object[]>>) =>
    played('implement', {
      steps: {
        ...quiet,
        'requirement-analysis': [analysis()],
        'design-review': [approvedUnder],
        ...more,
      },
    });

  it('starts no task while a condition of a review is open', () => {
    const { steps, run } = building({});

    expect(steps.slice(steps.indexOf('task-decomposition'))).toEqual([
      'task-decomposition',
      '[S]',
      ...TASKS,
      ...VERIFIED,
    ]);
    expect(run.gates.at(-1)).toMatchObject({
      kind: 'open-items',
      node: 'build/tasks[0]/cycle/execute',
      openItems: [{ node: 'design/design-review', text: 'Say who is told' }],
      revise: { to: 'design/technical-design' },
    });
  });

  it('asks nobody when the work plan has settled it', () => {
    const settled = { data: { plan: 'plan.md', resolved_items: conditions } };

    const { steps } = building({ 'work-plan': [settled] });

    expect(steps.slice(steps.indexOf('task-decomposition'))).toEqual([
      'task-decomposition',
      ...TASKS,
      ...VERIFIED,
    ]);
  });
});

describe('design', () => {
  it.each([
    { scale: 'medium', layers: ['backend'], adr: true, has: [] },
    { scale: 'medium', layers: ['frontend'], adr: false, has: ['ui-spec'] },
    { scale: 'large', layers: ['backend'], adr: false, has: ['prd'] },
    { scale: 'large', layers: ['frontend'], adr: false, has: ['prd', 'ui-spec'] },
    { scale: 'large', layers: ['backend'], adr: true, has: ['prd', 'adr'] },
    { scale: 'small', layers: ['frontend'], adr: true, has: [] },
  ])('$scale, $layers, decision $adr: writes $has besides the design', (row) => {
    const { scale, layers, adr, has } = row;

    const { steps } = played('design', {
      steps: {
        ...quiet,
        'requirement-analysis': [analysis({ scale, affectedLayers: layers, adrRequired: adr })],
      },
    });

    expect(steps.filter((step) => ['prd', 'ui-spec', 'adr'].includes(step))).toEqual(has);
    expect(steps.includes('technical-design')).toBe(scale !== 'small');
  });

  it('medium: analyses the code before the user interface is specified', () => {
    const { steps } = played('design', {
      steps: { ...quiet, 'requirement-analysis': [analysis({ affectedLayers: ['frontend'] })] },
    });

    expect(steps.indexOf('codebase-analysis-medium')).toBeLessThan(steps.indexOf('ui-spec'));
  });

  it('repeats the analysis when people change the requirements at the first stop', () => {
    const { steps } = played('design', {
      steps: { ...quiet, 'requirement-analysis': [analysis(), analysis({ scale: 'small' })] },
      gates: { 'requirement-analysis': [{ revise: 'Only the button' }, 'approve'] },
    });

    expect(steps).toEqual(['requirement-analysis', '[S]', 'requirement-analysis', '[S]']);
  });

  it('sends a design back to its author at most twice, then asks people', () => {
    const revise = decision('needs_revision');

    const { steps, run } = played('design', {
      steps: {
        ...quiet,
        'requirement-analysis': [analysis()],
        'design-review': [revise, revise, revise],
      },
    });

    expect(steps.filter((step) => step === 'technical-design')).toHaveLength(3);
    expect(steps.at(-1)).toBe('design-review');
    expect(run).toMatchObject({ status: 'escalated', reason: { code: 'loop-exhausted' } });
  });

  it('halts at once when a document is rejected', () => {
    const { steps, run } = played('design', {
      steps: {
        'requirement-analysis': [analysis({ scale: 'large' })],
        'prd-review': [decision('rejected')],
      },
    });

    expect(steps.at(-1)).toBe('prd-review');
    expect(run.status).toBe('escalated');
  });
});

describe('the task cycle', () => {
  const cycle = (steps: Record<string, unknown>) => played('task-cycle', { steps });

  it('reviews the tests only where the executor asks for it', () => {
    const reviewed = cycle({ execute: [executed(true)], 'test-review': [safe], quality: [ok] });
    const without = cycle({ execute: [executed(false)], quality: [ok] });

    expect(reviewed.steps).toEqual(['execute', 'test-review', 'quality']);
    expect(without.steps).toEqual(['execute', 'quality']);
  });

  it('F.13.15: goes back to the executor when a stub is detected', () => {
    const { steps, run } = cycle({
      execute: [executed(), executed()],
      quality: [{ status: 'stub_detected' }, ok],
    });

    expect(steps).toEqual(['execute', 'quality', 'execute', 'quality']);
    expect(run.status).toBe('succeeded');
  });

  it('goes back to the executor when its tests need revision', () => {
    const { steps } = cycle({
      execute: [executed(true), executed(true)],
      'test-review': [{ status: 'needs_revision' }, safe],
      quality: [ok],
    });

    expect(steps).toEqual(['execute', 'test-review', 'execute', 'test-review', 'quality']);
  });

  it.each([
    { step: 'execute', status: 'escalation_needed' },
    { step: 'quality', status: 'blocked' },
  ])('asks people when $step says $status', ({ step, status }) => {
    const { steps, run } = cycle({ execute: [executed()], [step]: [{ status }] });

    expect(steps.at(-1)).toBe(step);
    expect(run.status).toBe('escalated');
  });
});

describe('build', () => {
  const build = (steps: Record<string, unknown>) =>
    played('build', { steps: { ...quiet, ...steps } });
  const gap = { data: { summary: { status: 'needs_review' } } };
  const unsafe = { status: 'needs_revision', data: { status: 'needs_revision' } };

  it('asks once before it starts by itself', () => {
    expect(build({}).steps).toEqual([
      'task-decomposition',
      '[S]',
      ...TASKS,
      ...VERIFIED.filter((step) => step !== 'summary'),
    ]);
  });

  it.each([
    { code: gap, security: safe, again: ['code-verification-again'] },
    { code: clean, security: unsafe, again: ['security-verification-again'] },
    {
      code: gap,
      security: unsafe,
      again: ['code-verification-again', 'security-verification-again'],
    },
  ])('repairs in one piece of work and repeats only $again', ({ code, security, again }) => {
    const { steps, run } = build({
      execute: [executed(), executed()],
      'code-verification': [code],
      'security-verification': [security],
      'code-verification-again': [ok],
      'security-verification-again': [ok],
    });

    const after = steps.slice(steps.indexOf('security-verification') + 1);
    expect(after).toEqual([...TASKS, ...again, 'completion-report']);
    expect(run.status).toBe('succeeded');
  });

  it('asks people when the one repair did not help', () => {
    const { steps, run } = build({
      execute: [executed(), executed()],
      'code-verification': [gap],
      'code-verification-again': [{ status: 'escalation_needed' }],
    });

    expect(steps.at(-1)).toBe('code-verification-again');
    expect(run.status).toBe('escalated');
  });

  it('F.13.16: halts at once when the security verification finds a secret', () => {
    const { steps, run } = build({ 'security-verification': [{ status: 'blocked' }] });

    expect(steps.at(-1)).toBe('security-verification');
    expect(run.status).toBe('escalated');
  });
});

describe('review', () => {
  const score = (grade: string) => ({ data: { grade } });

  it('ends with the report when nothing has to be repaired', () => {
    const { steps, run } = played('review', {
      steps: { 'design-compliance': [score('pass')], 'security-check': [safe] },
    });

    expect(steps).toEqual(['design-compliance', 'security-check', 'review-report']);
    expect(run.status).toBe('succeeded');
  });

  it('repairs findings only after people have agreed', () => {
    const { steps, run } = played('review', {
      steps: {
        'design-compliance': [score('needs-improvement')],
        'security-check': [safe],
        execute: [executed()],
        quality: [ok],
      },
    });

    expect(steps.slice(2)).toEqual(['review-report', '[S]', ...TASKS]);
    expect(run.status).toBe('succeeded');
  });

  it('halts when the security check is blocked', () => {
    const { run } = played('review', {
      steps: { 'design-compliance': [score('pass')], 'security-check': [{ status: 'blocked' }] },
    });

    expect(run.status).toBe('escalated');
  });
});

describe('the smaller recipes', () => {
  it('task: states the rules, asks once, and goes through the task cycle', () => {
    const { steps } = played('task', { steps: { execute: [executed()], quality: [ok] } });

    expect(steps).toEqual(['rules', '[S]', ...TASKS]);
  });

  it('update-doc: reviews at most two rounds, then asks people', () => {
    const revise = decision('needs_revision');

    const { steps, run } = played('update-doc', {
      steps: { 'doc-review': [revise, revise, revise] },
    });

    expect(steps.filter((step) => step === 'doc-update')).toHaveLength(3);
    expect(run).toMatchObject({ status: 'escalated', reason: { code: 'loop-exhausted' } });
  });

  it('add-integration-tests: skeletons, then tests, their review and the checks', () => {
    const { steps } = played('add-integration-tests', {
      steps: {
        'test-skeletons': [{ status: 'completed' }],
        execute: [executed(true)],
        'test-review': [safe],
        quality: [ok],
      },
    });

    expect(steps).toEqual(['test-skeletons', 'execute', 'test-review', 'quality']);
  });

  it('plan: skeletons, then the plan, whose approval makes the run autonomous', () => {
    const { steps, run } = played('plan', { steps: { gaps: quiet.gaps } });

    expect(steps).toEqual(['acceptance-tests', 'work-plan', '[S]']);
    expect(run.autonomous).toBe(true);
  });

  it('plan: each gap is confirmed by itself, one after the other, before the plan is approved', () => {
    const { run } = played('plan', { steps: { gaps: [{ items: ['No metrics.', 'No undo.'] }] } });

    expect(run.gates).toMatchObject([
      { node: 'gaps[0]/gap-confirmation', item: 'No metrics.', batch: false },
      { node: 'gaps[1]/gap-confirmation', item: 'No undo.', batch: false },
      { node: 'plan-approval', subject: { node: 'work-plan' }, batch: true },
    ]);
    expect(run.gates.every((gate) => gate.decision?.verdict === 'approve')).toBe(true);
  });

  it('plan: a gap that is not accepted sends the plan back, whose gaps are confirmed anew', () => {
    const { steps, run } = played('plan', {
      steps: { gaps: [{ items: ['No metrics.', 'No undo.'] }, { items: ['No undo.'] }] },
      gates: { 'gap-confirmation': ['approve', { revise: 'Undo is needed.' }] },
    });

    expect(steps).toEqual([
      'acceptance-tests',
      'work-plan',
      '[S]',
      '[S]',
      'work-plan',
      '[S]',
      '[S]',
    ]);
    expect(run.gates.map(({ item }) => item)).toEqual([
      'No metrics.',
      'No undo.',
      'No undo.',
      null,
    ]);
    expect(run.status).toBe('succeeded');
  });
});

describe('diagnose', () => {
  const coverage = (word: string) => ({ data: { coverage: word } });

  it('goes from the cause to the ways of repair when the evidence is sufficient', () => {
    const { steps } = played('diagnose', {
      steps: { 'cause-verification': [coverage('sufficient')] },
    });

    expect(steps).toEqual(['investigation', 'cause-verification', 'solutions']);
  });

  it('investigates at most two rounds more, then says what is known', () => {
    const { steps, run } = played('diagnose', {
      steps: {
        'cause-verification': [coverage('insufficient'), coverage('partial'), coverage('partial')],
      },
    });

    expect(steps.filter((step) => step === 'investigation')).toHaveLength(3);
    expect(steps.at(-1)).toBe('solutions');
    expect(run.status).toBe('succeeded');
  });
});

describe('the document cycle', () => {
  const claims = (consistencyScore: number) => ({ data: { summary: { consistencyScore } } });
  const approved = decision('approved');
  const revise = decision('needs_revision');
  const cycle = (steps: Record<string, unknown>) => played('document-cycle', { steps });

  it('writes a document, compares it with the code and has it reviewed', () => {
    const { steps, run } = cycle({ claims: [claims(92)], 'document-review': [approved] });

    expect(steps).toEqual(['write', 'claims', 'document-review']);
    expect(run.status).toBe('succeeded');
  });

  it('revises what is consistent with the code to less than 70 per cent, whatever the review says', () => {
    const { steps, run } = cycle({
      claims: [claims(69), claims(70)],
      'document-review': [approved, approved],
    });

    expect(steps.filter((step) => step === 'write')).toHaveLength(2);
    expect(run.status).toBe('succeeded');
  });

  it.each([
    { because: 'the review', score: 95, verdict: revise },
    { because: 'the comparison with the code', score: 40, verdict: approved },
  ])('asks people when two revisions did not settle $because', ({ score, verdict }) => {
    const { steps, run } = cycle({
      claims: [claims(score), claims(score), claims(score)],
      'document-review': [verdict, verdict, verdict],
    });

    expect(steps.filter((step) => step === 'write')).toHaveLength(3);
    expect(run).toMatchObject({ status: 'escalated', reason: { code: 'loop-exhausted' } });
  });

  it('takes no comparison of fewer than twenty claims', () => {
    const { result } = agentsEverywhere(planOf('document-cycle')).find(
      ({ id }) => id === 'claims',
    )!;

    expect(result?.schema).toHaveProperty(
      'properties.summary.properties.verifiableClaimCount.minimum',
      20,
    );
  });
});

describe('reverse-engineer', () => {
  const units = ['orders', 'billing'].map((id) => ({ id, depends_on: [] }));
  const found = (documents: string) => ({ data: { documents, units } });
  const DOCUMENT = ['write', 'claims', 'document-review'];
  const times = <T>(value: T, count: number) => Array.from({ length: count }, () => value);
  const reverse = (documents: string, count: number) =>
    played('reverse-engineer', {
      steps: {
        'scope-discovery': [found(documents)],
        requirements: [{ items: units }],
        designs: [{ items: units }],
        claims: times({ data: { summary: { consistencyScore: 90 } } }, count),
        'document-review': times(decision('approved'), count),
      },
    });

  it('has its parts approved, writes the requirements of each, then the design of each', () => {
    const { steps, run } = reverse('requirements_and_design', 4);

    expect(steps).toEqual(['scope-discovery', '[S]', ...times(DOCUMENT, 4).flat(), 'inventory']);
    expect(run.status).toBe('succeeded');
  });

  it('writes no design where only requirements are wanted', () => {
    const { steps } = reverse('requirements', 2);

    expect(steps).toEqual(['scope-discovery', '[S]', ...times(DOCUMENT, 2).flat(), 'inventory']);
  });

  it('discovers the parts again when people send them back', () => {
    const { steps } = played('reverse-engineer', {
      steps: {
        'scope-discovery': [found('requirements'), found('requirements')],
        requirements: [{ items: [] }],
      },
      gates: { 'scope-discovery': [{ revise: 'Only the orders' }, 'approve'] },
    });

    expect(steps.slice(0, 4)).toEqual(['scope-discovery', '[S]', 'scope-discovery', '[S]']);
  });
});

describe('the variants for layers', () => {
  it.each([
    { name: 'front-design', part: 'design' },
    { name: 'front-plan', part: 'plan' },
    { name: 'front-build', part: 'build' },
    { name: 'front-review', part: 'review' },
  ])('$name is $part with the frontend as its layer', ({ name, part }) => {
    const [node, ...others] = graphOf(planOf(name)).nodes;

    expect(others).toEqual([]);
    expect(node).toMatchObject({ kind: 'call', id: part, params: { layers: 'frontend' } });
  });

  it('fullstack-build: finishes the backend before the frontend, and asks once', () => {
    const { steps, run } = played('fullstack-build', {
      steps: {
        ...quiet,
        tasks: [{ items: one }, { items: one }],
        execute: [executed(), executed()],
        'code-verification': [clean, clean],
        'security-verification': [safe, safe],
      },
    });

    const layer = [...TASKS, ...VERIFIED.filter((step) => step !== 'summary')];
    const [first, stop, ...rest] = steps;
    expect([first, stop]).toEqual(['task-decomposition', '[S]']);
    expect(rest).toEqual([...layer, 'task-decomposition', ...layer]);
    expect(run.status).toBe('succeeded');
  });

  it('fullstack-implement: a small task is done directly', () => {
    const { steps } = played('fullstack-implement', {
      steps: { ...quiet, 'requirement-analysis': [analysis({ scale: 'small' })] },
    });

    expect(steps).toEqual(['requirement-analysis', '[S]', 'simple-plan', '[S]', ...TASKS]);
  });
});

describe('every recipe', () => {
  const RECIPES = [...folder.definitions.keys()].filter((name) => !OTHERS.has(name));

  it.each(RECIPES)('%s stops no agent for slowness', (name) => {
    const limited = agentsEverywhere(planOf(name)).filter(({ timeoutMs }) => timeoutMs !== null);

    expect(limited.map(({ id }) => id)).toEqual([]);
  });

  it.each(RECIPES)('%s gives no step more than the right to edit', (name) => {
    const rights = agentsEverywhere(planOf(name)).map(({ access }) => access);

    expect(rights).not.toContain('full');
  });

  it.each(RECIPES)('%s tells in one sentence what it is for', (name) => {
    expect(planOf(name).description).toMatch(/^[A-Z].{40,160}[.]$/);
  });
});
