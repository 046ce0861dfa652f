import { describe, expect, it } from 'vitest';
import { agentsOf, folder, graphOf, needsOf, planOf } from './built-in.ts';

/** id, persona, what it waits for, output; `!` after the output: people decide on it; `*`: it writes. */
const WORKFLOWS = {
  tdd: `
    red       TestDesigner  -      failing_tests*
    green     Coder         red    implementation*
    refactor  ExpertCoder   green  refactored_code*`,
  'code-review': `
    security-review     SecurityReviewer     -  security_findings
    performance-review  PerformanceEngineer  -  performance_findings
    style-review        CodeReviewer         -  style_findings
    synthesize          CodeReviewer         security-review,performance-review,style-review  review_report`,
  sparc: `
    spec          Researcher    -             specification
    pseudocode    Coder         spec          pseudocode
    architecture  Architect     pseudocode    architecture
    refinement    CodeReviewer  architecture  refinement
    completion    ExpertCoder   refinement    completion*`,
  'log-analysis': `
    error-finder      DebugAgent        -  error_findings
    pattern-analyst   Researcher        -  pattern_findings
    security-checker  SecurityReviewer  -  security_findings
    synthesize        Researcher        error-finder,pattern-analyst,security-checker  log_report`,
  feature: `
    load-context           Researcher           -                      project_context
    research               Researcher           load-context           feature_research
    document-brief         DocumentationWriter  research               feature_brief
    feature-spec           Planner              document-brief         feature_spec
    architecture           Architect            feature-spec           feature_architecture
    implement              ExpertCoder          architecture           implementation*
    review-implementation  CodeReviewer         implement              review_notes!
    code-review            CodeReviewer         review-implementation  code_review_findings
    security-review        SecurityReviewer     review-implementation  security_findings
    performance-review     PerformanceEngineer  review-implementation  performance_findings
    gap-analysis           CodeReviewer         review-implementation  gap_findings
    issue-analysis         DebugAgent           review-implementation  issue_findings
    rework                 ExpertCoder          code-review,security-review,performance-review,gap-analysis,issue-analysis  revised_implementation*
    test-design            TestDesigner         rework                 test_suite*
    test-coverage-review   TestDesigner         test-design            test_report
    document-feature       DocumentationWriter  test-coverage-review   feature_docs*
    release-signoff        Planner              document-feature       release_signoff!`,
  ideation: `
    research           Researcher           -                  idea_research
    review-research    Planner              research           research_review!
    document-ideation  DocumentationWriter  review-research    ideation_doc*
    prd                Planner              document-ideation  product_requirements
    architecture       Architect            prd                architecture
    document-design    DocumentationWriter  architecture       design_doc*
    project-plan       Planner              document-design    project_plan*`,
  'security-audit': `
    owasp-scan       SecurityReviewer  -  owasp_findings
    secrets-scan     SecurityReviewer  -  secrets_findings
    threat-model     Architect         -  threat_model
    dependency-scan  SecurityReviewer  -  dependency_findings
    synthesize       SecurityReviewer  owasp-scan,secrets-scan,threat-model,dependency-scan  audit_report`,
  brainstorm: `
    brainstorm          Researcher           -                 ideas
    review-direction    Planner              brainstorm        direction!
    write-prd           Planner              review-direction  product_requirements*
    write-ideation-doc  DocumentationWriter  review-direction  ideation_doc*`,
};

const RECIPES = `
  add-integration-tests build design diagnose document-cycle front-build front-design front-plan front-review
  fullstack-build fullstack-implement implement plan reverse-engineer review task task-cycle update-doc`
  .trim()
  .split(/\s+/);

describe('the built-in workflows', () => {
  it('are these eight, the recipes and the pipeline of the Agentic Layer', () => {
    const others = [...folder.definitions.keys()].filter((name) => !Object.hasOwn(WORKFLOWS, name));

    expect(others.toSorted()).toEqual([...RECIPES, 'sdlc'].toSorted());
  });

  it.each(Object.entries(WORKFLOWS))(
    '%s has its steps, order, outputs and gates',
    (name, table) => {
      const plan = planOf(name);

      const steps = agentsOf(plan).map((node) => ({
        id: node.id,
        persona: node.persona,
        needs: needsOf(plan, node.id),
        output: node.output,
        decided: node.approval !== null,
        writes: node.access !== 'readonly',
      }));

      expect(steps).toEqual(rowsOf(table));
      expect(graphOf(plan).nodes).toHaveLength(steps.length);
    },
  );

  it.each(Object.keys(WORKFLOWS))('%s tells in one sentence what it is for', (name) => {
    expect(planOf(name).description).toMatch(/^[A-Z].{40,160}[.]$/);
  });

  it('give no step more than the right to edit', () => {
    const rights = Object.keys(WORKFLOWS).flatMap((name) => agentsOf(planOf(name)));

    expect(new Set(rights.map(({ access }) => access))).toEqual(new Set(['readonly', 'edit']));
  });

  it.each([
    { workflow: 'feature', gate: 'review-implementation', to: 'implement', max: 3 },
    { workflow: 'feature', gate: 'release-signoff', to: 'rework', max: 2 },
    { workflow: 'ideation', gate: 'review-research', to: 'research', max: 3 },
    { workflow: 'brainstorm', gate: 'review-direction', to: 'brainstorm', max: 5 },
  ])('$workflow sends $gate back to $to, and asks a question people can answer', (row) => {
    const node = agentsOf(planOf(row.workflow)).find(({ id }) => id === row.gate);

    expect(node?.approval?.revise).toEqual({ to: row.to, max: row.max });
    expect(node?.approval?.prompt).toMatch(/\?/);
    expect(node?.approval?.prompt).not.toMatch(/(^|\s)\//);
  });
});

function rowsOf(table: string) {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', persona = '', needs = '', output = ''] = line.trim().split(/\s+/);
      return {
        id,
        persona,
        needs: needs === '-' ? [] : needs.split(','),
        output: output.replace(/[*!]$/, ''),
        decided: output.endsWith('!'),
        writes: output.endsWith('*'),
      };
    });
}
