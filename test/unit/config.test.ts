import { describe, expect, it } from 'vitest';
import { readConfig } from '#src/config.ts';

describe('SLUICE_GATE_REMINDERS', () => {
  it.each([
    [undefined, [86_400_000]],
    ['3d, 24h', [86_400_000, 259_200_000]],
    ['never', []],
  ])('%s: reminders after %j milliseconds', (value, expected) => {
    expect(readConfig({ SLUICE_GATE_REMINDERS: value }).SLUICE_GATE_REMINDERS).toEqual(expected);
  });

  it.each(['tomorrow', '0s', '1h,,x', '1h,2h,3h,4h,5h,6h'])('does not take %j', (value) => {
    expect(() => readConfig({ SLUICE_GATE_REMINDERS: value })).toThrow(/SLUICE_GATE_REMINDERS/);
  });
});
