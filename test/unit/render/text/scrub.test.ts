import { describe, expect, it } from 'vitest';
import { scrubSecrets } from '#src/render/text/scrub.ts';

// Put together here so that no scanner takes this file for a leak.
const secret = (...parts: readonly string[]) => parts.join('');
const OLD_TOKEN = secret('ghs_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8');
const NEW_TOKEN = secret('ghs_', 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJnaXRodWIifQ.c2ln-bmF0_dXJl');

describe('scrubSecrets', () => {
  it.each([
    ['an installation token of the old shape', OLD_TOKEN],
    ['an installation token of the new shape', NEW_TOKEN],
    ['a personal token', secret('ghp_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8')],
    ['a fine-grained token', secret('github_pat_', '11ABCDEFG0abcdefghij_KLMNOPQRSTUVWXYZ')],
    ['an OAuth token', secret('gho_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8')],
    ['an AWS key id', secret('AKIA', 'IOSFODNN7EXAMPLE')],
    ['a model key', secret('sk-ant-', 'api03-abcdefghijklmnop_qrst')],
    ['another model key', secret('sk-proj-', 'abcdefghijklmnopqrst')],
    ['a Slack token', secret('xoxb-', '123456789012-abcdefghij')],
    ['an npm token', secret('npm_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8')],
    ['a Google key', secret('AIza', 'SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q')],
    ['a JSON web token', secret('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl')],
  ])('removes %s and keeps what is around it', (_, value) => {
    expect(scrubSecrets(`before ${value} after`)).toBe('before [secret removed] after');
  });

  it.each([
    ['Authorization: Bearer abcdef123456', 'Authorization: Bearer [secret removed]'],
    ['"authorization": "token abcdef"', '"authorization": "token [secret removed]"'],
    ['curl -H "X-Api-Key: abcdef"', 'curl -H "X-Api-Key: [secret removed]"'],
    ['https://bot:hunter22@example.org/x', 'https://bot:[secret removed]@example.org/x'],
    ['export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI', 'export AWS_SECRET_ACCESS_KEY=[secret removed]'],
    ['DB_PASSWORD: "correct-horse"', 'DB_PASSWORD: "[secret removed]"'],
  ])('removes the value in %j', (text, scrubbed) => {
    expect(scrubSecrets(text)).toBe(scrubbed);
  });

  it('removes a private key, even one that was cut off', () => {
    const head = secret('-----BEGIN RSA ', 'PRIVATE KEY-----');
    const tail = secret('-----END RSA ', 'PRIVATE KEY-----');

    expect(scrubSecrets(`a\n${head}\nMIIE\n${tail}\nb`)).toBe('a\n[secret removed]\nb');
    expect(scrubSecrets(`a\n${head}\nMIIE`)).toBe('a\n[secret removed]');
  });

  it('is the same the second time', () => {
    const once = scrubSecrets(`Authorization: Bearer ${OLD_TOKEN}; API_TOKEN=${NEW_TOKEN}`);

    expect(scrubSecrets(once)).toBe(once);
    expect(once).not.toContain('eyJ');
  });

  it.each([
    'const token: string = readToken();',
    'The password field is required.',
    'see src/ghs_client.ts',
    'sk-learn is a library',
    'TOKEN=$GITHUB_TOKEN',
    'git@github.com:acme/api.git',
  ])('leaves %j alone', (text) => {
    expect(scrubSecrets(text)).toBe(text);
  });

  it('takes no time for a long text', () => {
    const texts = [
      'A'.repeat(300_000),
      'A_'.repeat(150_000),
      'eyJ'.repeat(100_000),
      'a:'.repeat(150_000),
    ];

    for (const text of texts) expect(scrubSecrets(text)).toHaveLength(300_000);
  });
});
