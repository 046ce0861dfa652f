import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aRepository, sluice } from '#test/support/cli/terminal.ts';

/** What SARIF 2.1.0 demands of the parts we write; nothing else may be there. */
const Text = z.strictObject({ text: z.string().min(1) });
const Sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          version: z.string().min(1),
          rules: z.array(z.strictObject({ id: z.string().min(1), shortDescription: Text })),
        }),
      }),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      results: z.array(
        z.strictObject({
          ruleId: z.string().min(1),
          ruleIndex: z.int().min(0),
          level: z.enum(['none', 'note', 'warning', 'error']),
          message: Text,
          locations: z.array(
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({ uri: z.string().regex(/^[\w.%/-]+$/) }),
                region: z.strictObject({
                  startLine: z.int().min(1),
                  startColumn: z.int().min(1),
                  endLine: z.int().min(1).optional(),
                }),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
});

const BAD = 'name: bad\nsteps: [{id: one, agent: Nobody, prompt: "{{ taks }}"}]\n';

describe('sluice doctor --sarif', () => {
  it('writes a log of SARIF 2.1.0 whose results point at their rules and places', async () => {
    const dir = aRepository({ '.github/sluice/workflows/my first.yml': BAD });

    const { status, out } = await sluice(dir, 'doctor', '--sarif');

    const [run] = Sarif.parse(JSON.parse(out)).runs;
    const rules = run?.tool.driver.rules.map(({ id }) => id);
    expect(status).toBe(1);
    expect(rules).toEqual(['unknown-persona', 'unknown-variable']);
    expect(run?.results.map(({ ruleId, ruleIndex }) => [ruleId, rules?.[ruleIndex]])).toEqual([
      ['unknown-persona', 'unknown-persona'],
      ['unknown-variable', 'unknown-variable'],
    ]);
    expect(run?.results[0]?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: '.github/sluice/workflows/my%20first.yml' },
      region: { startLine: 2, startColumn: 26, endLine: 2 },
    });
  });

  it('is a valid log when there is nothing to report', async () => {
    const { out } = await sluice(aRepository(), 'doctor', '--sarif');

    expect(Sarif.parse(JSON.parse(out)).runs[0]?.results).toEqual([]);
  });
});
