import { JSDOM } from 'jsdom';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Loop, Plan } from '#src/plan/plan.ts';
import { renderDiagram } from '#src/render/comment/diagram.ts';
import { aPlan, aRun, done, STATES, STORY } from '../report-builders.ts';

const LOOP: Loop = {
  id: 'fix',
  from: 'publish',
  to: 'implement',
  trigger: { type: 'outcome', is: ['revise'] },
  max: 3,
  cooldownMs: 0,
  costCeilingUsd: null,
  stopOnNoProgress: true,
  onExhaust: 'escalate',
  workspace: 'keep',
};

const withLoop = (plan: Plan, loop: Loop): Plan => ({
  ...plan,
  graphs: { main: { ...plan.graphs['main']!, loops: [loop] } },
});

/** The program GitHub draws diagrams with. It wants a window to clean labels in. */
async function parseByMermaid(diagram: string): Promise<string> {
  const { default: mermaid } = await import('mermaid');
  const { diagramType } = await mermaid.parse(diagram);
  return diagramType;
}

describe('renderDiagram', () => {
  beforeAll(() => {
    const { window } = new JSDOM('');
    Object.assign(globalThis, { window, document: window.document });
  });

  it('draws the steps, their order and their state', () => {
    const { plan, run } = STATES.running;

    expect(renderDiagram(plan, run)).toMatchInlineSnapshot(`
      "flowchart LR
        n1["requirements"]:::ok
        n2["plan"]:::ok
        n3["implement"]:::run
        n4["security-review"]:::idle
        n5["performance-review"]:::idle
        n6["publish"]:::idle
        n1 --> n2
        n2 --> n3
        n3 --> n4
        n3 --> n5
        n4 --> n6
        n5 --> n6
        classDef idle fill:#f6f8fa,stroke:#8c959f,color:#1f2328
        classDef ok fill:#dafbe1,stroke:#1a7f37,color:#1f2328
        classDef run fill:#ddf4ff,stroke:#0969da,color:#1f2328"
    `);
  });

  it.each(Object.entries(STATES))(
    'is understood by mermaid when the run is %s',
    async (_, input) => {
      expect(await parseByMermaid(renderDiagram(input.plan, input.run)!)).toBe('flowchart-v2');
    },
  );

  it('draws loops and conditions', async () => {
    const plan = withLoop(STORY, LOOP);
    const [first, ...others] = plan.graphs['main']!.edges;
    const conditional: Plan = {
      ...plan,
      graphs: {
        main: {
          ...plan.graphs['main']!,
          edges: [{ ...first!, when: { type: 'outcome', is: ['ok'] } }, ...others],
        },
      },
    };

    const diagram = renderDiagram(conditional, aRun(conditional))!;

    expect(diagram).toContain('n6 -. "again, at most 3" .-> n3');
    expect(diagram).toContain('n1 -. if .-> n2');
    expect(await parseByMermaid(diagram)).toBe('flowchart-v2');
  });

  it('stands upright when a row would be too wide', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `s${index}`);
    const plan = aPlan(
      Object.fromEntries(ids.map((id, index) => [id, ids.slice(index - 1, index)])),
    );

    expect(renderDiagram(plan, aRun(plan))).toMatch(/^flowchart TD\n/);
  });

  it('is left out when nobody could read it', () => {
    const plan = aPlan(
      Object.fromEntries(Array.from({ length: 61 }, (_, index) => [`s${index}`, []])),
    );

    expect(renderDiagram(plan, aRun(plan))).toBeNull();
  });
});

describe('surface test 32: hostile step names', () => {
  const HOSTILE = [
    '"]; click n1 "https://evil.example" %%',
    'end',
    'graph TD; a-->b',
    '<img src=x onerror=alert(1)>',
    '#quot;#35;',
    '`code` **bold** [link](https://evil.example)',
    'javascript:alert(1)',
    'a\nb\u2028c',
    '%%{init: {"theme":"dark"}}%%',
    'ünï-😀-名前',
    ':::evil',
    'subgraph',
    '```',
    '\\',
    ' ',
    '- a list',
    '1. another list',
  ];

  it('render, and none of them becomes part of the diagram’s own language', async () => {
    const plan = aPlan(
      Object.fromEntries(HOSTILE.map((id, index) => [id, HOSTILE.slice(index - 1, index)])),
    );
    const diagram = renderDiagram(plan, aRun(plan, { end: done(0, 1, 'x') }))!;

    expect(await parseByMermaid(diagram)).toBe('flowchart-v2');
    expect(diagram).not.toMatch(/^\s*(?:click|subgraph|%%)|<img|[`{}]/m);
    expect(diagram.split('\n')).toHaveLength(1 + HOSTILE.length + (HOSTILE.length - 1) + 2);
  });
});
