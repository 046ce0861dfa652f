import { describe, expect, it } from 'vitest';
import type { PlanNode } from '#src/plan/plan.ts';
import { aPlan, compile, graphOf } from '#test/support/language/builders.ts';

const STEP = 'agent: Planner, prompt: x';

function contains(value: string) {
  return { type: 'text', op: 'contains', value };
}

function edges(steps: string): readonly string[] {
  return graphOf(steps).edges.map(({ from, to }) => `${from}>${to}`);
}

function node(steps: string, id: string, rest = ''): PlanNode {
  return graphOf(steps, rest).nodes.find((candidate) => candidate.id === id)!;
}

describe('edges of a plan', () => {
  it('come from dependencies and inputs, one for each pair of steps', () => {
    const steps = `
  - {id: a, ${STEP}, output: findings}
  - {id: b, ${STEP}, depends_on: [a], inputs: [findings]}
  - {id: c, ${STEP}, required_inputs: [b]}
  - {id: d, auto_run: {callable: git.diff_stat, input_map: {base: findings.base}}}
  - {id: e, foreach: {items: outputs.c.tasks, steps: [{id: f, ${STEP}}]}}`;

    expect(edges(steps)).toEqual(['a>b', 'b>c', 'a>d', 'c>e']);
  });

  it('lead from an approval of a foreach item nowhere back unless it names an earlier step outside', () => {
    const inner = (rest: string) => `
  - {id: a, ${STEP}}
  - {id: e, depends_on: [a], foreach: {items: a.gaps, steps: [{id: ask, requires_approval: true${rest}}]}}`;
    const approvalOf = (rest: string) =>
      aPlan(`name: t\nsteps:${inner(rest)}`).graphs['main/e']?.nodes[0]?.approval;

    expect(approvalOf('')).toMatchObject({ revise: null });
    expect(approvalOf(', approval: {revise: {to: a, max: 2}}')).toMatchObject({
      revise: { to: 'a', max: 2 },
    });
  });

  it('come from what a gate judges and what an approval is about', () => {
    const steps = `
  - {id: a, ${STEP}}
  - {id: g, gate: {of: a, criteria: {ok: true}}}
  - {id: p, requires_approval: true, depends_on: [g], approval: {of: a}}`;

    expect(edges(steps)).toEqual(['a>g', 'g>p', 'a>p']);
  });

  it('of a router fit in order, the default when no other does', () => {
    const small = { type: 'field', path: 'scale', op: 'equals', value: 'small' };

    const { edges: found, nodes } = graphOf(`
  - id: r
    ${STEP.replaceAll(', ', '\n    ')}
    routes:
      - {contains: frontend, goto: front}
      - {when: result.scale == "small", goto: back}
      - {default: true, goto: rest}
  - {id: front, ${STEP}}
  - {id: back, ${STEP}}
  - {id: rest, ${STEP}}
  - {id: always, ${STEP}, depends_on: [r]}`);

    expect(found.map(({ to, when }) => [to, when])).toEqual([
      ['front', contains('frontend')],
      ['back', { type: 'all', of: [small, { type: 'not', of: contains('frontend') }] }],
      [
        'rest',
        {
          type: 'all',
          of: [
            { type: 'not', of: contains('frontend') },
            { type: 'not', of: small },
          ],
        },
      ],
      ['always', { type: 'always' }],
    ]);
    expect(nodes[0]!.mustRoute).toBeUndefined();
  });

  it('of a router without a default must lead somewhere', () => {
    const steps = `
  - {id: r, ${STEP}, routes: [{contains: a, goto: b}]}
  - {id: b, ${STEP}}`;

    expect(node(steps, 'r').mustRoute).toBe(true);
  });
});

describe('an evaluator', () => {
  const pass = {
    type: 'field',
    path: 'verdict',
    op: 'in',
    value: ['pass', 'PASS', 'Pass', 'passed', true],
  };
  const fail = { type: 'not', of: pass };

  it('goes back to an earlier step as a loop, and on with what depends on it', () => {
    const graph = graphOf(`
  - {id: a, ${STEP}}
  - {id: e, ${STEP}, depends_on: [a], evaluate: {decision_field: verdict, on_fail: a, max_retries: 2}}
  - {id: b, ${STEP}, depends_on: [e]}`);

    expect(graph.edges.map(({ to, when }) => [to, when])).toEqual([
      ['e', { type: 'always' }],
      ['b', pass],
    ]);
    expect(graph.loops).toMatchObject([
      { id: 'e.on_fail', from: 'e', to: 'a', trigger: fail, max: 2, onExhaust: 'fail' },
    ]);
  });

  it('with on_pass sends a fail to the other steps, and forward to on_fail', () => {
    const graph = graphOf(`
  - {id: e, ${STEP}, evaluate: {decision_field: verdict, on_pass: yes, on_fail: no}}
  - {id: yes, ${STEP}}
  - {id: no, ${STEP}}
  - {id: other, ${STEP}, depends_on: [e]}`);

    expect(graph.edges.map(({ to, when }) => [to, when])).toEqual([
      ['yes', pass],
      ['other', fail],
      ['no', fail],
    ]);
    expect(graph.loops).toEqual([]);
  });

  it('makes its field part of the result the agent has to give', () => {
    const steps = `\n  - {id: e, ${STEP}, evaluate: {decision_field: verdict.decision}}`;

    expect(node(steps, 'e')).toMatchObject({
      result: { schema: { required: ['verdict'] }, routingFields: ['verdict.decision'] },
    });
  });

  it('can judge by a condition instead', () => {
    const steps = `
  - {id: e, ${STEP}, evaluate: {condition: text contains "LGTM"}}
  - {id: b, ${STEP}, depends_on: [e]}`;

    expect(graphOf(steps).edges[0]!.when).toEqual({ type: 'text', op: 'contains', value: 'LGTM' });
  });
});

describe('a loop', () => {
  it('has the limits written for it, and sensible ones otherwise', () => {
    const { loops } = graphOf(
      `
  - {id: build, ${STEP}}
  - {id: test, ${STEP}, depends_on: [build]}`,
      `loops:
  plain: {from: test}
  full: {from: test, to: build, trigger: test.failed > 0, max: 2, cooldown: 5s, cost_ceiling_usd: 1.5, stop_on_no_progress: false, on_exhaust: continue, workspace: rewind}`,
    );

    expect(loops).toEqual([
      {
        id: 'plain',
        from: 'test',
        to: 'test',
        trigger: { type: 'outcome', is: ['revise'] },
        max: 3,
        cooldownMs: 0,
        costCeilingUsd: null,
        stopOnNoProgress: true,
        onExhaust: 'escalate',
        workspace: 'keep',
      },
      {
        id: 'full',
        from: 'test',
        to: 'build',
        trigger: { type: 'field', path: 'failed', op: 'gt', value: 0 },
        max: 2,
        cooldownMs: 5000,
        costCeilingUsd: 1.5,
        stopOnNoProgress: false,
        onExhaust: 'continue',
        workspace: 'rewind',
      },
    ]);
  });
});

describe('a node', () => {
  it.each([
    ['agent: Researcher', 'readonly', 'read'],
    ['agent: Engineer', 'edit', 'write'],
    ['agent: Planner', 'readonly', 'read'],
    ['agent: Planner, access: full', 'full', 'write'],
    ['agent: Engineer, access: readonly', 'readonly', 'read'],
    ['agent: Engineer, access: execute', 'execute', 'read'],
    ['agent: Engineer, workspace: isolated', 'edit', 'isolated'],
  ])('with %s has access %s and workspace %s', (keys, access, workspace) => {
    expect(node(`\n  - {id: a, prompt: x, ${keys}}`, 'a')).toMatchObject({ access, workspace });
  });

  it.each([
    ['agent: Dba, model: small', 'small'],
    ['agent: Dba', 'large'],
    ['agent: Planner', null],
  ])('with %s asks for the model %j', (keys, model) => {
    const own = 'personas: {Dba: {prompt: You know SQL., model: large}}';

    expect(node(`\n  - {id: a, prompt: x, ${keys}}`, 'a', own)).toMatchObject({ model });
  });

  it('is known by its id as an output unless it names one', () => {
    const steps = `
  - {id: a, ${STEP}}
  - {id: b, ${STEP}, output: report}
  - {id: g, gate: {of: a, criteria: {ok: true}}}`;

    expect(graphOf(steps).nodes.map(({ output }) => output)).toEqual(['a', 'report', null]);
  });

  it('remembers its line in the file', () => {
    expect(node(`\n  - {id: a, ${STEP}}\n  - {id: b, ${STEP}}`, 'b').line).toBe(6);
  });

  it('carries what an agent step says', () => {
    const steps = `
  - id: a
    agent: Engineer
    prompt: x
    title: The work
    model: large
    effort: high
    program: codex
    retries: 1
    timeout: 1h30m
    session: continue
    optional: true
    risky: true
    once: true
    cache: true
    requires: [bash]
    join: any
    allow_override: false
    questions: {from: author, max: 2}
    budget: {max_tokens: 10, alert_at_percent: 80}
    checks: [{name: tests, run: config:test}]
    result: {required_keys: [doc]}
    handoffs: [{name: doc}]
    visibility: {mode: summary, include: [a]}
    report: [docs/a.md]`;

    expect(node(steps, 'a')).toMatchObject({
      kind: 'agent',
      title: 'The work',
      model: 'large',
      effort: 'high',
      agent: 'codex',
      retries: 1,
      timeoutMs: 5_400_000,
      session: 'continue',
      execution: 'subagent',
      disposition: 'optional',
      risky: true,
      once: true,
      cache: true,
      requires: ['bash'],
      join: 'any',
      meta: { allow_override: false, questions: { from: 'author', max: 2 } },
      budget: { maxTokens: 10, maxUsd: null, alertPercent: [80], onExceed: 'stop' },
      checks: [{ name: 'tests', max: 3, command: { line: 'config:test', timeoutMs: 600_000 } }],
      handoffs: [{ name: 'doc', to: null, required: true, path: false }],
      visibility: { mode: 'summary', include: ['a'], exclude: [] },
      report: ['docs/a.md'],
    });
  });

  it('retries as `reliability` says unless it says itself', () => {
    const steps = `
  - {id: a, ${STEP}}
  - {id: b, ${STEP}, retries: 0}
  - {id: c, noop: true, depends_on: [a]}`;
    const retries = (rest: string) => graphOf(steps, rest).nodes.map((each) => each.retries);

    expect(retries('')).toEqual([0, 0, 0]);
    expect(retries('reliability: {}')).toEqual([2, 0, 0]);
    expect(retries('reliability: {recovery: {max_step_retries: 4}}')).toEqual([4, 0, 0]);
    expect(retries('reliability: {recovery: {enabled: false}}')).toEqual([0, 0, 0]);
  });

  it('turns the short form of a result into a JSON Schema', () => {
    const steps = `\n  - {id: a, ${STEP}, result: {required_keys: [status], key_types: {status: string}, min_items: {list: 2}}}`;

    expect(node(steps, 'a')).toMatchObject({
      result: {
        schema: {
          type: 'object',
          required: ['status'],
          properties: { status: { type: 'string' }, list: { type: 'array', minItems: 2 } },
        },
      },
    });
  });

  it('lets a field of a result be called like something every object has', () => {
    const steps = `\n  - {id: a, ${STEP}, result: {required_keys: [toString], min_items: {valueOf: 1}}}`;

    expect(node(steps, 'a')).toMatchObject({
      result: {
        schema: { properties: { toString: {}, valueOf: { type: 'array', minItems: 1 } } },
      },
    });
    expect(node(steps, 'a')).not.toHaveProperty('result.schema.properties.toString.type');
  });

  it('of a gate has one criterion for each thing asked', () => {
    const steps = `
  - {id: a, ${STEP}}
  - {id: g, gate: {of: a, severity: warning, criteria: {ok: true, n: {min: 1, max: 3}, s: {any_of: [x]}, "t.u": {exists: false}}}}`;

    expect(node(steps, 'g')).toMatchObject({
      kind: 'gate',
      subject: 'a',
      severity: 'warning',
      criteria: [
        { path: 'ok', op: 'equals', value: true },
        { path: 'n', op: 'min', value: 1 },
        { path: 'n', op: 'max', value: 3 },
        { path: 's', op: 'any_of', value: ['x'] },
        { path: 't.u', op: 'exists', value: false },
      ],
    });
  });

  it('of a command runs alone and has limits', () => {
    expect(node('\n  - {id: a, run: "npm test"}', 'a')).toMatchObject({
      kind: 'auto',
      workspace: 'write',
      run: { line: 'npm test', timeoutMs: 600_000, allow: [], deny: [] },
      callable: null,
    });
  });

  it.each([
    { work: 'run: npm test', own: 'run: {line: npm test, timeout: 2m}', key: 'run' },
    {
      work: 'auto_run: {callable: git.diff_stat}',
      own: 'auto_run: {callable: git.diff_stat, timeout: 2m}',
      key: 'callable',
    },
  ])('has the time the step gives it, unless its own $key says another', ({ work, own, key }) => {
    const given = node(`\n  - {id: a, ${work}, timeout: 30m}`, 'a');
    const both = node(`\n  - {id: a, ${own}, timeout: 30m}`, 'a');

    expect(given).toMatchObject({ [key]: { timeoutMs: 1_800_000 } });
    expect(both).toMatchObject({ [key]: { timeoutMs: 120_000 } });
  });

  it('of a function has thirty seconds', () => {
    expect(node('\n  - {id: a, auto_run: {callable: git.diff_stat}}', 'a')).toMatchObject({
      callable: { name: 'git.diff_stat', kwargs: {}, inputMap: {}, timeoutMs: 30_000 },
    });
  });
});

describe('an approval', () => {
  it('is after the step, by anybody who can write, and can be sent back three times', () => {
    const steps = `\n  - {id: a, ${STEP}, requires_approval: true, approval_prompt: Sound?}`;

    expect(node(steps, 'a').approval).toEqual({
      when: 'after',
      prompt: 'Sound?',
      approvers: { role: 'write', teams: [], users: [], count: 1 },
      revise: { to: 'a', max: 3 },
      expireMs: null,
      batch: false,
      selfApprove: 'allow',
    });
  });

  it('names people and teams as GitHub does, also where a file mentions them', () => {
    const steps = `
  - {id: a, ${STEP}, approval: {approvers: {teams: ["@octo-org/sec"], users: ["@octocat"]}}}`;

    expect(node(steps, 'a')).toMatchObject({
      approval: { approvers: { teams: ['octo-org/sec'], users: ['octocat'] } },
    });
  });

  it('says who, how many and how long', () => {
    const steps = `
  - {id: a, ${STEP}}
  - id: b
    agent: Planner
    prompt: x
    depends_on: [a]
    approval: {count: 2, approvers: {role: maintain, teams: [sec], users: [bob]}, expire: 7d, self_approve: if_alone, revise: {to: a, max: 1}, batch: true}`;

    expect(node(steps, 'b').approval).toEqual({
      when: 'after',
      prompt: null,
      approvers: { role: 'maintain', teams: ['sec'], users: ['bob'], count: 2 },
      revise: { to: 'a', max: 1 },
      expireMs: 604_800_000,
      batch: true,
      selfApprove: 'if_alone',
    });
  });

  it('can be a step of its own, about the step before it', () => {
    const steps = `\n  - {id: a, ${STEP}}\n  - {id: ok, requires_approval: true, depends_on: [a]}`;

    expect(node(steps, 'ok')).toMatchObject({
      kind: 'approval',
      subject: 'a',
      output: null,
      approval: { revise: { to: 'a', max: 3 } },
    });
  });

  it('before a step has nothing to send back', () => {
    const steps = `\n  - {id: a, ${STEP}, approval: {when: before}}`;

    expect(node(steps, 'a').approval).toMatchObject({ when: 'before', revise: null });
  });

  it.each([
    'requires_approval: true',
    'approval: {count: 2}',
    'approval: {approvers: {role: admin}}',
  ])('that is asked for with %s is no stop that an autonomous run passes', (asked) => {
    expect(node(`\n  - {id: a, ${STEP}, stop: true, ${asked}}`, 'a')).toMatchObject({
      stopPoint: false,
      approval: { when: 'after' },
    });
  });

  it('of a stop may say what a stop leads to and still be passed', () => {
    const steps = `\n  - {id: a, ${STEP}, stop: true, approval: {batch: true, revise: {max: 3}}}`;

    expect(node(steps, 'a')).toMatchObject({ stopPoint: true, approval: { batch: true } });
  });

  it('of a stop point and a consent are kept apart', () => {
    const stop = node(`\n  - {id: a, ${STEP}, stop: true}`, 'a');
    const consent = node(`\n  - {id: a, ${STEP}, requires_individual_consent: true}`, 'a');

    expect([stop.stopPoint, stop.approval?.when, stop.consent]).toEqual([true, 'after', null]);
    expect([consent.approval, consent.consent?.when]).toEqual([null, 'before']);
  });
});

describe('steps inside steps', () => {
  it('make graphs of their own', () => {
    const plan = aPlan(`
name: test
steps:
  - {id: a, ${STEP}}
  - id: g
    depends_on: [a]
    group:
      max_parallel: 2
      complete_when: any
      on_member_failure: continue
      loops: {again: {from: y, to: x}}
      steps:
        - {id: x, agent: Planner, prompt: "{{ a }}"}
        - {id: y, agent: Planner, prompt: "{{ x }}", depends_on: [x]}
  - id: f
    foreach:
      items: {files: "tasks/*.md"}
      as: task_file
      max_parallel: 3
      complete_when: 2
      member_retries: 1
      steps: [{id: z, agent: Planner, prompt: "{{ task_file }} {{ index }}", when: task_file.ready}]
  - {id: after, agent: Planner, prompt: "{{ x }} {{ g }}", depends_on: [g]}
`);

    expect(Object.keys(plan.graphs).toSorted()).toEqual(['main', 'main/f', 'main/g']);
    expect(plan.graphs['main/g']).toMatchObject({
      maxParallel: 2,
      edges: [{ from: 'x', to: 'y' }],
      loops: [{ id: 'again' }],
    });
    expect(plan.graphs['main']!.nodes).toMatchObject([
      { id: 'a' },
      { kind: 'group', graph: 'main/g', completeWhen: 'any', onMemberFailure: 'continue' },
      {
        kind: 'foreach',
        graph: 'main/f',
        items: { type: 'files', glob: 'tasks/*.md' },
        as: 'task_file',
        maxParallel: 3,
        completeWhen: 2,
        memberRetries: 1,
      },
      { id: 'after' },
    ]);
  });

  it.each([
    ['[1, {a: b}]', { type: 'list', items: [1, { a: 'b' }] }],
    ['a.tasks', { type: 'output', path: 'a.tasks' }],
    ['outputs.a.tasks', { type: 'output', path: 'a.tasks' }],
    ['{file: t.csv}', { type: 'file', path: 't.csv', format: 'csv' }],
    ['{file: t.json}', { type: 'file', path: 't.json', format: 'json' }],
    ['{file: t.yml}', { type: 'file', path: 't.yml', format: 'yaml' }],
    ['{file: t.txt, format: csv}', { type: 'file', path: 't.txt', format: 'csv' }],
    ['{files: "*.md"}', { type: 'files', glob: '*.md' }],
  ])('take their items from %s', (items, source) => {
    const steps = `\n  - {id: a, ${STEP}}\n  - {id: f, foreach: {items: ${items}, steps: [{id: z, ${STEP}}]}}`;

    expect(node(steps, 'f')).toMatchObject({ items: source });
  });
});

describe('a call', () => {
  const callee = `
name: callee
params: {focus: {required: true}, depth: {type: integer, default: 2}, text: {default: "{{ x }}"}}
personas: {Dba: {prompt: You know SQL.}, Planner: {prompt: I plan otherwise.}}
steps:
  - {id: in, agent: Dba, prompt: "{{ params.focus }}"}
  - {id: too, agent: Planner, prompt: x, output: report}`
    .replace('text: {', 'note: {')
    .replace('id: in', 'id: deep');

  it('brings the other workflow into the plan once, with its personas and defaults', () => {
    const plan = aPlan(
      `
name: test
steps:
  - {id: own, ${STEP}}
  - {id: a, call: {workflow: callee, params: {focus: "{{ task }}"}}}
  - {id: b, call: {workflow: callee, params: {focus: x}, returns: {findings: report}}}`,
      { callees: [callee] },
    );

    expect(Object.keys(plan.graphs).toSorted()).toEqual(['main', 'main/b', 'workflow:callee']);
    expect(plan.graphs['main']!.nodes.slice(1)).toMatchObject([
      {
        kind: 'call',
        graph: 'workflow:callee',
        params: { focus: '{{ task }}', depth: '2', note: '{% raw %}{{ x }}{% endraw %}' },
      },
      { kind: 'call', graph: 'main/b' },
    ]);
    expect(plan.graphs['main/b']!.returns).toEqual({ findings: 'report' });
    expect(Object.keys(plan.personas)).toEqual(['Planner', 'Dba', 'callee/Planner']);
    expect(plan.graphs['workflow:callee']!.nodes).toMatchObject([
      { persona: 'Dba' },
      { persona: 'callee/Planner' },
    ]);
  });

  it('is refused when workflows go on calling each other', () => {
    const chain = Array.from(
      { length: 8 },
      (_, index) => `name: w${index}\nsteps: [{id: c, call: {workflow: w${index + 1}}}]`,
    );
    const end = 'name: w8\nsteps: [{id: a, agent: Planner, prompt: x}]';

    const compiled = compile(chain[0]!, { callees: [...chain, end] });

    expect(compiled).toMatchObject({
      ok: false,
      problems: [{ message: 'workflows call each other more than 5 levels deep.' }],
    });
  });
});

describe('policies of a plan', () => {
  it('are what opting into nothing means, unless the file says more', () => {
    const { policies } = aPlan(`name: test\nsteps: [{id: a, ${STEP}}]`);

    expect(policies).toEqual({
      params: {},
      budget: null,
      caps: { visitsPerNode: 10, steps: 500, tokens: null, usd: null, wallMs: null },
      maxParallel: null,
      onFailure: 'drain',
      autonomy: 'autonomous',
      reliability: null,
      evalGate: null,
      escalation: null,
      consentLifetimeMs: 10_800_000,
    });
  });

  it('carry the budget, the reliability parts and the eval gate with their defaults', () => {
    const { policies } = aPlan(`
name: test
params: {scale: {type: string, choices: [small, large], description: How big}}
budget: {max_tokens_per_session: 100, max_usd_per_task: 2, alert_at_percent: [90, 80], on_exceed: pause}
caps: {visits_per_step: 3, wall_time: 6h}
reliability: {enabled: false, guardrails: {enabled: true, terms: [wipe]}}
eval_gate: {min_baseline_runs: 5, baseline_window: 20, warn_threshold: 0.15, block_threshold: 0.30}
escalation: {handler: human, mention: ["@bob"]}
steps: [{id: a, ${STEP}}]`);

    expect(policies).toMatchObject({
      params: {
        scale: { type: 'string', required: false, default: null, choices: ['small', 'large'] },
      },
      budget: { maxTokens: 100, maxUsd: 2, alertPercent: [80, 90], onExceed: 'pause' },
      caps: { visitsPerNode: 3, wallMs: 21_600_000 },
      reliability: {
        recovery: { enabled: false, max_step_retries: 2 },
        budget_governor: { enabled: false, max_degradations_per_run: 1, degrade_output_chars: 400 },
        guardrails: { enabled: true, terms: ['wipe'] },
        confidence: { enabled: false },
      },
      evalGate: { warn_threshold: 0.15, block_threshold: 0.3, insufficient_baseline: 'pass' },
      escalation: { handler: 'human', timeout_ms: 86_400_000, mention: ['@bob'] },
    });
  });

  it('say which step takes changed requirements', () => {
    const { policies } = aPlan(`name: test\nredesign: {to: a}\nsteps: [{id: a, ${STEP}}]`);

    expect(policies.redesign).toEqual({ to: 'a' });
  });

  it('say whether technical debt becomes an issue', () => {
    const policiesOf = (rest: string) =>
      aPlan(`name: test\n${rest}steps: [{id: a, ${STEP}}]`).policies;

    expect(policiesOf('follow_up_issue: true\n').followUpIssue).toBe(true);
    expect(policiesOf('follow_up_issue: false\n').followUpIssue).toBeUndefined();
  });

  it('leave the eval gate out when it is switched off', () => {
    const plan = aPlan(`name: test\neval_gate: {enabled: false}\nsteps: [{id: a, ${STEP}}]`);

    expect(plan.policies.evalGate).toBeNull();
  });
});
