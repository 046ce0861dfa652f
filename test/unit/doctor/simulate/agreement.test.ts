import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { paramRanges } from '#src/doctor/chart.ts';
import { explore } from '#src/doctor/simulate/explore.ts';
import { survey } from '#src/doctor/survey-parts.ts';
import { aPlan } from '#test/support/language/builders.ts';
import { DOUBTFUL, doubtfulFiles } from '#test/support/language/doubtful-corpus.ts';

describe('what the doctor says without the engine', () => {
  it.each(doubtfulFiles())('is what the engine does: the same steps of %s never run', (name) => {
    const plan = aPlan(readFileSync(join(DOUBTFUL, `${name}.yml`), 'utf8'));
    const params = paramRanges(plan);
    const effort = { left: Infinity };
    const starts = { depth: 'deep', used: 'x', spare: 'x' };

    const played = explore(plan, { bound: 3, maxStates: 20_000, params: starts });
    const thought = Object.values(plan.graphs).flatMap((graph) => {
      const { ran } = survey({ graph, params, effort });
      return graph.nodes.filter(({ id }) => !ran.has(id)).map(({ id }) => `${graph.id}/${id}`);
    });

    expect(thought).toEqual(played.neverStarted);
  });
});
