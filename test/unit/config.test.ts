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

describe('WEBHOOK_SECRET', () => {
  const app = { APP_ID: '1', PRIVATE_KEY: 'PRIVATE KEY' };

  it.each(['short', 'a long secret with, a comma', 'sixteen characters at least,x'])(
    'refuses %j, of which a part could be guessed',
    (secret) => {
      expect(() => readConfig({ ...app, WEBHOOK_SECRET: secret })).toThrow(/shorter than 16/);
    },
  );

  it('takes several that are long enough', () => {
    const secrets = ['the new one is this', 'the old one was this'];

    const config = readConfig({ ...app, WEBHOOK_SECRET: secrets.join(',') });

    expect(config.app?.webhookSecrets).toEqual(secrets);
  });
});
