import { describe, expect, it } from 'vitest';
import type { AgentNode, GateNode, Plan } from '#src/plan/plan.ts';
import {
  definitionIn,
  example,
  layer,
  mainGraph,
  messagesFor,
  planIn,
  readFolder,
} from '#test/support/language/dialect-folder.ts';

const compiled = (text: string, files: Readonly<Record<string, string>> = {}): Plan =>
  planIn(layer(text, files), 'sdlc');
const idsOf = (plan: Plan) => mainGraph(plan).nodes.map(({ id }) => id);
const nodeOf = (plan: Plan, id: string) => mainGraph(plan).nodes.find((node) => node.id === id);
const agentOf = (plan: Plan, id: string) => nodeOf(plan, id) as AgentNode;
const gateOf = (plan: Plan, id: string) => nodeOf(plan, id) as GateNode;
const edgesOf = (plan: Plan) => mainGraph(plan).edges.map(({ id }) => id);
const loopsOf = (plan: Plan) =>
  Object.fromEntries(mainGraph(plan).loops.map(({ id, from, to, max }) => [id, { from, to, max }]));

const ENTERPRISE = example('agentic-layer/enterprise.yaml');

describe('a layer that says little', () => {
  it('has seven phases, five gates, three loops of three rounds and people to call', () => {
    const plan = compiled(
      'version: 1\nphases: [plan, build, test, review, document, deploy, monitor]',
    );

    expect(idsOf(plan)).toEqual([
      'plan',
      'build',
      'after_build',
      'test',
      'after_test',
      'review',
      'after_review',
      'document',
      'after_document',
      'deploy',
      'after_deploy',
      'monitor',
    ]);
    expect(loopsOf(plan)).toEqual({
      test_retry: { from: 'after_test', to: 'build', max: 3 },
      review_patch: { from: 'after_review', to: 'build', max: 3 },
      full_rebuild: { from: 'after_review', to: 'plan', max: 3 },
      document_retry: { from: 'after_document', to: 'document', max: 2 },
      deploy_retry: { from: 'after_deploy', to: 'deploy', max: 2 },
    });
    expect(plan.policies.escalation).toMatchObject({ handler: 'human', timeout_ms: 86_400_000 });
  });

  it.each([
    ['solo', ['plan', 'build', 'test', 'review', 'deploy'], 2],
    ['small', ['plan', 'build', 'test', 'review', 'document', 'deploy'], 3],
  ])('is filled up by the preset %s', (preset, phases, rounds) => {
    const plan = compiled(`preset: ${preset}`);

    expect(idsOf(plan).filter((id) => !id.startsWith('after_'))).toEqual(phases);
    expect(loopsOf(plan)).toMatchObject({ test_retry: { max: rounds } });
  });

  it('keeps what it says itself over its preset', () => {
    const plan = compiled(
      'preset: enterprise\nphases: [plan, build, test]\nloops: {test_retry: {max: 1}}',
    );

    expect(idsOf(plan)).toEqual(['plan', 'build', 'after_build', 'test', 'after_test']);
    expect(loopsOf(plan)).toEqual({ test_retry: { from: 'after_test', to: 'build', max: 1 } });
  });
});

describe('the two forms of a layer', () => {
  it('compile to the same graph', () => {
    const list = compiled(
      'version: 1\nphases: [plan, build, test]\ngates: {after_test: {inline: {criteria: {all_tests_pass: true, coverage_minimum: 80}}}}\nloops: {test_retry: {max: 2, trigger: test.fail, action: rebuild}}',
    );
    const map = compiled(
      'version: 1\nphases: {plan: {}, build: {}, test: {}}\ngates: {test: {all_pass: true, coverage_min: 80}}\nloops: {test_retry: {max: 2, trigger: test_failure}}',
    );

    const shape = ({ nodes, edges, loops }: ReturnType<typeof mainGraph>) => ({
      nodes: nodes.map(({ id, kind }) => [id, kind]),
      edges,
      loops,
    });
    expect(shape(mainGraph(map))).toEqual(shape(mainGraph(list)));
    expect(gateOf(map, 'after_test').criteria).toEqual(gateOf(list, 'after_test').criteria);
  });

  it('lets a phase of the map form name its template, rights, gates and persona', () => {
    const plan = compiled(
      'phases:\n  plan: {template: prompts/own.md, tools: [read], persona: Architect}\n  build: {tools: [read, write], gates: gates/build-lint.yaml}\ngates: {}\n',
      { 'prompts/own.md': 'Plan it.' },
    );

    expect(agentOf(plan, 'plan')).toMatchObject({ persona: 'Architect', access: 'readonly' });
    expect(plan.files).toMatchObject({ 'prompts/own.md': 'Plan it.' });
    expect(agentOf(plan, 'build').access).toBe('edit');
    expect(gateOf(plan, 'after_build').severity).toBe('warning');
  });
});

describe('phases that run side by side', () => {
  it('start after the same phase and are waited for together, each with its own gate', () => {
    const edges = edgesOf(compiled(ENTERPRISE));

    expect(edges).toEqual(
      expect.arrayContaining([
        'after_review->document',
        'after_review->deploy_prepare',
        'document->after_document',
        'after_document->deploy',
        'deploy_prepare->deploy',
      ]),
    );
    expect(edges).not.toContain('document->deploy_prepare');
  });
});

describe('the rights of a phase', () => {
  it('follow the matrix of the layer', () => {
    const plan = compiled(
      'phases: [intent, plan, build, test, review, document, deploy, monitor]\ngates: {}\n',
    );

    const access = mainGraph(plan).nodes.flatMap((node) =>
      node.kind === 'agent' ? [[node.id, `${node.access} ${node.workspace}`]] : [],
    );
    expect(Object.fromEntries(access)).toEqual({
      intent: 'readonly read',
      plan: 'readonly read',
      build: 'full write',
      test: 'full write',
      review: 'readonly read',
      document: 'edit write',
      deploy: 'execute read',
      monitor: 'execute read',
    });
  });

  it('of a name nobody knows are to read and to search', () => {
    const plan = compiled('phases: [plan, audit]\ngates: {}', { 'prompts/audit.md': 'Audit.' });

    expect(agentOf(plan, 'audit').access).toBe('readonly');
    expect(agentOf(plan, 'audit').meta).toMatchObject({
      permissions: { allowed: ['file_system.read', 'file_system.search'] },
    });
  });

  it('are overridden by category and operation, and the finer key wins', () => {
    const plan = compiled(
      'phases: [plan, build, review]\ngates: {}\ntools:\n  phase_overrides:\n    build: {code_execution.test: enabled, code_execution: disabled}\n    plan: {file_system.write: enabled}\n    review: {external_apis.browser: enabled}\n',
    );

    expect(agentOf(plan, 'plan').access).toBe('edit');
    expect(agentOf(plan, 'build').access).toBe('full');
    expect(agentOf(plan, 'build').meta).toMatchObject({
      permissions: { allowed: expect.arrayContaining(['code_execution.test']) },
    });
    expect(agentOf(plan, 'build').meta).toMatchObject({
      permissions: { allowed: expect.not.arrayContaining(['code_execution.shell']) },
    });
    expect(agentOf(plan, 'review').prompt).toContain('open a browser');
  });

  it('are told to the agent, with the limits of the tool files', () => {
    const plan = compiled(
      'phases: [build]\ngates: {}\ntools: {configs: {file_system: tools/files.yaml, code_execution: tools/code.yaml}}\n',
      {
        'tools/files.yaml': 'write: {allowed_paths: [src/**], denied_paths: [src/secret/**]}\n',
        'tools/code.yaml':
          'shell: {allowed_commands: [npm], timeout_ms: 60000}\nlinters: {enabled: false}\n',
      },
    );

    const { prompt, meta } = agentOf(plan, 'build');
    expect(prompt).toContain(
      'Change only files that match `src/**`. Never change files that match `src/secret/**`.',
    );
    expect(prompt).toContain('Run only these commands: `npm`. A command may take 60 seconds.');
    expect(prompt).toMatch(/You may not [^.]*run linters/);
    expect(meta).toMatchObject({
      permissions: { write: { allow: ['src/**'], deny: ['src/secret/**'] } },
    });
  });
});

describe('the criteria of a gate', () => {
  const criteria = (inline: string, phase = 'test') =>
    gateOf(
      compiled(
        `phases: [build, ${phase}]\ngates: {after_${phase}: {inline: {criteria: ${inline}}}}\nloops: {}`,
      ),
      `after_${phase}`,
    ).criteria;

  it.each([
    ['{coverage_minimum: 80}', { path: 'coverage.lines', op: 'min', value: 80 }],
    ['{coverage_min: 80}', { path: 'coverage.lines', op: 'min', value: 80 }],
    ['{no_skipped_tests: true}', { path: 'skipped', op: 'max', value: 0 }],
    ['{max_test_duration_ms: 5}', { path: 'duration_ms', op: 'max', value: 5 }],
    ['{bundle_kb_max: 90}', { path: 'bundle_kb', op: 'max', value: 90 }],
    ['{max_bundle_kb: 90}', { path: 'bundle_kb', op: 'max', value: 90 }],
    ['{suites: 3}', { path: 'suites', op: 'equals', value: 3 }],
    ['{verdict: fine}', { path: 'verdict', op: 'equals', value: 'fine' }],
    ['{report: exists}', { path: 'report', op: 'exists', value: true }],
    ['{smoke: true}', { path: 'smoke', op: 'equals', value: true }],
  ])('%s asks about a field of the result', (inline, expected) => {
    expect(criteria(inline)[0]).toEqual(expected);
  });

  it('nest in any_of and all_of, each entry a map whose criteria all have to hold', () => {
    expect(criteria('{any_of: [{smoke: true, suites: 2}, {coverage_min: 90}]}')[0]).toEqual({
      path: '',
      op: 'any_of',
      value: [
        [
          { path: 'smoke', op: 'equals', value: true },
          { path: 'suites', op: 'equals', value: 2 },
        ],
        [{ path: 'coverage.lines', op: 'min', value: 90 }],
      ],
    });
  });

  it('are asked of the phase as fields of its result', () => {
    const plan = compiled(
      'phases: [build, test]\ngates: {after_test: {inline: {criteria: {coverage_minimum: 80, smoke: true}}}}\n',
    );

    expect(agentOf(plan, 'test').result?.schema).toMatchObject({
      required: expect.arrayContaining(['status', 'failed', 'smoke', 'coverage']),
      properties: {
        smoke: { type: 'boolean' },
        coverage: { required: ['lines'], properties: { lines: { type: 'number' } } },
      },
    });
  });

  it('of tests and reviews hold even if no gate says so', () => {
    const plan = compiled('phases: [build, test, review]\ngates: {}\nloops: {}');

    expect(gateOf(plan, 'after_test').criteria).toEqual([{ path: 'failed', op: 'max', value: 0 }]);
    expect(gateOf(plan, 'after_review').criteria.map(({ path }) => path)).toEqual([
      'stats.blockers',
      'stats.architectural',
    ]);
  });

  it('give way to a gate that asks about the same field in its own way', () => {
    expect(criteria('{max_blockers: 2}', 'review').map(({ path, value }) => [path, value])).toEqual(
      [
        ['stats.blockers', 2],
        ['stats.architectural', 0],
      ],
    );
  });
});

describe('where a gate stands and what it leads to', () => {
  it('before a phase it judges the one before that', () => {
    const plan = compiled(
      'phases: [plan, build]\ngates: {before_build: {inline: {criteria: {risk_max: 3}}}}\n',
    );

    expect(gateOf(plan, 'before_build').subject).toBe('plan');
    expect(edgesOf(plan)).toEqual(['plan->before_build', 'before_build->build']);
    expect(loopsOf(plan)).toEqual({ plan_retry: { from: 'before_build', to: 'plan', max: 3 } });
  });

  it('only logs, it is a warning and heals nothing', () => {
    const plan = compiled(
      'phases: [build]\ngates: {after_build: {inline: {criteria: {lint_errors: 0}, on_fail: log}}}\n',
    );

    expect(gateOf(plan, 'after_build').severity).toBe('warning');
    expect(loopsOf(plan)).toEqual({});
  });

  it('escalates, no loop of its phase is taken', () => {
    const plan = compiled(
      'phases: [build, test]\ngates: {after_test: {inline: {criteria: {all_tests_pass: true}, on_fail: escalate}}}\n',
    );

    expect(loopsOf(plan)).toEqual({});
  });

  it('carries its message and its context for those who are called', () => {
    expect(compiled(ENTERPRISE).policies.escalation).toMatchObject({
      channel: 'engineering',
      context: ['plan', 'build', 'test', 'review', 'failure_history'],
      gates: {
        'review-severity': { message: '{blocker_count} blockers are left after {retries} rounds.' },
      },
    });
  });
});

describe('the loops of a layer', () => {
  const loopOf = (loops: string, id: string) =>
    mainGraph(
      compiled(`phases: [plan, build, test, review]\ngates: {}\nloops: ${loops}\n`),
    ).loops.find((loop) => loop.id === id);

  it('keep their cool-down, their cost ceiling and what they say of progress', () => {
    const loop = loopOf(
      '{test_retry: {max: 2, cooldown_ms: 5000, cost_ceiling: 1.5, stop_on_no_progress: false}}',
      'test_retry',
    );

    expect(loop).toMatchObject({
      max: 2,
      cooldownMs: 5000,
      costCeilingUsd: 1.5,
      stopOnNoProgress: false,
      onExhaust: 'escalate',
    });
  });

  it.each([
    ['test.fail', 'rebuild', 'build', 'keep'],
    ['review.blockers', 'rebuild_and_retest', 'build', 'keep'],
    ['review.architectural', 'replan_and_rebuild', 'plan', 'rewind'],
  ])('%s with %s goes back to %s', (trigger, action, to, workspace) => {
    const loop = loopOf(`{again: {max: 1, trigger: ${trigger}, action: ${action}}}`, 'again');

    expect(loop).toMatchObject({ to, workspace });
  });

  it('do not count the tests they are told to ignore', () => {
    const plan = compiled(
      'phases: [plan, build, test]\ngates: {}\nloops: {test_retry: {max: 2, ignore: [clock]}}\n',
    );

    expect(gateOf(plan, 'after_test').criteria).toEqual([
      { path: 'failures', op: 'within', value: ['clock'] },
    ]);
    expect(agentOf(plan, 'test').prompt).toContain('- clock');
  });
});

describe('how much happens without people', () => {
  const approvals = (level: string) =>
    mainGraph(compiled(`phases: [plan, build, test, review]\nautonomy: ${level}\ngates: {}`))
      .nodes.filter(({ kind }) => kind === 'approval')
      .map(({ id }) => id);
  const dispositions = (level: string) => {
    const { nodes } = mainGraph(
      compiled(`phases: [plan, build, test, document]\nautonomy: ${level}\ngates: {}`),
    );
    return Object.fromEntries(
      nodes.filter(({ kind }) => kind === 'agent').map(({ id, disposition }) => [id, disposition]),
    );
  };

  it('assisted: people look at every phase', () => {
    expect(approvals('assisted')).toEqual([
      'approve_plan',
      'approve_build',
      'approve_test',
      'approve_review',
    ]);
  });

  it('supervised: people look at plan, tests and review within a day', () => {
    expect(approvals('supervised')).toEqual(['approve_plan', 'approve_test', 'approve_review']);
    const plan = compiled('phases: [plan, build]\nautonomy: supervised\ngates: {}');
    expect(nodeOf(plan, 'approve_plan')).toMatchObject({
      subject: 'plan',
      approval: { expireMs: 86_400_000, revise: { to: 'plan' } },
    });
  });

  it('autonomous: failing tests are a warning; ase: missing documentation is', () => {
    expect(approvals('autonomous')).toEqual([]);
    expect(dispositions('autonomous')).toEqual({
      plan: 'required',
      build: 'required',
      test: 'optional',
      document: 'required',
    });
    expect(dispositions('ase')).toMatchObject({ test: 'required', document: 'optional' });
  });

  it('is said phase by phase with checkpoints', () => {
    const plan = compiled(
      'phases: [plan, build]\ngates: {}\ncheckpoints: {after_build: {require: human_approval, timeout: 2h}}\n',
    );

    expect(nodeOf(plan, 'approve_build')).toMatchObject({ approval: { expireMs: 7_200_000 } });
    expect(idsOf(plan)).not.toContain('approve_plan');
  });
});

describe('issues of different types', () => {
  const ROUTED = layer(
    'phases: [plan, build, test, review]\ngates: {}\ntemplates:\n  plan: {bug: prompts/plan-bug.md, default: prompts/plan.md}\nrouting:\n  hotfix:\n    phases: [build, test]\n    loops: {test_retry: {max: 1}}\n',
  );

  it('get the template of their type, and the default one without a type', () => {
    expect(agentOf(planIn(ROUTED, 'sdlc', 'bug'), 'plan').prompt).toContain('plan-bug.md');
    expect(agentOf(planIn(ROUTED, 'sdlc'), 'plan').prompt).toContain('prompts/plan.md');
    expect(agentOf(planIn(ROUTED, 'sdlc', 'hotfix'), 'build').prompt).toContain('prompts/build.md');
  });

  it('get the phases and loops of their type', () => {
    const plan = planIn(ROUTED, 'sdlc', 'hotfix');

    expect(idsOf(plan)).toEqual(['build', 'test', 'after_test']);
    expect(loopsOf(plan)).toEqual({ test_retry: { from: 'after_test', to: 'build', max: 1 } });
  });

  it('keep the rights a phase of the map form has', () => {
    const files = layer(
      'phases: {build: {tools: [read]}, test: {}}\ngates: {}\nrouting: {spike: {phases: [build]}}\n',
    );

    expect(agentOf(planIn(files, 'sdlc', 'spike'), 'build').access).toBe('readonly');
  });

  it('are told apart by a parameter, too', () => {
    const { params } = planIn(ROUTED, 'sdlc').policies;

    expect(params['issue_type']).toMatchObject({ choices: ['bug', 'hotfix'], required: false });
  });

  it('are told apart by the intent phase when nothing else says it', () => {
    const plan = compiled(
      'phases: [intent, plan]\ngates: {}\ntemplates:\n  plan: {bug: prompts/plan-bug.md, default: prompts/plan.md}\n',
    );

    expect(agentOf(plan, 'plan').prompt).toMatch(
      /^\{% if intent\.issue_type == "bug" %\}\{% include "[\w/-]*plan-bug\.md" %\}\{% else %\}/,
    );
  });

  it('warn when a type is not reviewed', () => {
    expect(messagesFor(ROUTED)).toEqual([
      'workflow.yaml:7:5: issues of type `hotfix` are not reviewed.',
    ]);
  });
});

describe('what is watched over many runs', () => {
  it('is carried by the plan under its usual names', () => {
    expect(compiled(ENTERPRISE).policies.monitoring).toEqual({
      track: [
        'workflow_success_rate',
        'average_iterations_per_loop',
        'phase_duration_ms',
        'cost_per_run',
        'escalation_rate',
      ],
      alerts: { escalation_rate: 0.3, average_iterations_per_loop: 2.5 },
    });
  });
});

describe('technical debt', () => {
  it('becomes an issue where the layer says so', () => {
    expect(compiled('phases: [plan, build]\nfollow_up_issue: true').policies.followUpIssue).toBe(
      true,
    );
    expect(compiled('phases: [plan, build]').policies.followUpIssue).toBeUndefined();
  });
});

describe('the prompts of a layer', () => {
  it('know artefacts by every name, and say so when there is none', () => {
    const plan = compiled('phases: [plan, build]\ngates: {}', {
      'prompts/build.md':
        'A ${plan_artifact} B ${plan.summary} C ${test_results} D $${kept} E ${raw_request}',
    });

    expect(plan.files?.['prompts/build.md']).toBe(
      'A {{ outputs["plan"] | default("(nothing yet)") }} B {{ outputs["plan"].summary | default("(nothing yet)") }} C (there is no test phase) D $${kept} E {{ task }}',
    );
  });

  it('are the repository’s own where it has them, else those that come along', () => {
    const plan = compiled('phases: [plan, build]\ngates: {}', { 'prompts/plan.md': 'Our plan.' });

    expect(plan.files?.['prompts/plan.md']).toBe('Our plan.');
    expect(plan.files?.['agentic-layer/prompts/build.md']).toContain('# Role');
  });

  it('lie beside the file when the layer has a folder of its own', () => {
    const files = {
      'agentic-layer/workflow.yaml': 'phases: [plan]\ngates: {}\n',
      'agentic-layer/prompts/plan.md': 'Our plan.',
    };

    expect(planIn(files, 'sdlc').files).toEqual({ 'agentic-layer/prompts/plan.md': 'Our plan.' });
  });

  it('name the skills a phase has the rights for', () => {
    const plan = compiled('phases: [plan, build]\ngates: {}', {
      'skills/run-tests.md':
        '---\ntrigger: code has changed\ntools: [read, execute]\n---\nRun them all.\n',
    });

    expect(agentOf(plan, 'build').prompt).toContain(
      '### run-tests\n\nUse it when: code has changed.',
    );
    expect(agentOf(plan, 'plan').prompt).not.toContain('run-tests');
  });
});

describe('the commands of a layer', () => {
  it('are workflows of one step, with the rights and parameters they name', () => {
    const files = layer('phases: [plan]\ngates: {}\n', {
      'commands/explain.md':
        '---\nname: explain\ndescription: Explains a file\nparameters: [{name: path, required: true}]\ntools: [read]\n---\nExplain ${path}.\n',
    });

    const plan = planIn(files, 'explain');

    expect(plan).toMatchObject({ description: 'Explains a file', dialect: 'agentic-layer' });
    expect(plan.policies.params).toMatchObject({ path: { required: true } });
    expect(agentOf(plan, 'answer')).toMatchObject({
      access: 'readonly',
      prompt: 'Explain {{ params["path"] | default("") }}.\n',
    });
  });
});

describe('a layer among workflows', () => {
  it('is called like its file, and one beside its prompts is the delivery pipeline', () => {
    const text = 'phases: [plan]\ngates: {}\n';

    const folder = readFolder({ 'workflows/quick_fix.yml': text, 'workflow.yaml': text });

    expect([...folder.definitions.keys()]).toEqual(['sdlc', 'quick-fix']);
  });

  it('can be called by a native workflow', () => {
    const files = {
      ...layer('phases: [plan, build]\ngates: {}\n'),
      'workflows/outer.yml':
        'name: outer\nsteps:\n  - {id: deliver, call: {workflow: sdlc}}\n  - {id: tell, agent: Researcher, depends_on: [deliver], prompt: "{{ task }}"}\n',
    };

    const plan = planIn(files, 'outer');

    expect(plan.graphs['workflow:sdlc']?.nodes.map(({ id }) => id)).toEqual(['plan', 'build']);
    expect(definitionIn(files, 'outer').dialect).toBeUndefined();
  });
});
