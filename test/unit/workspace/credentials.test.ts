import { describe, expect, it } from 'vitest';
import { credentialConfig, scrub } from '#src/workspace/git/credentials.ts';

const credential = { token: 'ghs_abc.def-ghi' };
const encoded = Buffer.from('x-access-token:ghs_abc.def-ghi').toString('base64');

describe('credentialConfig', () => {
  it('binds the token to the origin of the clone URL', () => {
    expect(credentialConfig('https://github.example:8443/acme/demo.git', credential)).toEqual([
      ['http.https://github.example:8443/.extraHeader', `Authorization: Basic ${encoded}`],
    ]);
  });

  it('gives none to a file', () => {
    expect(credentialConfig('file:///srv/demo.git', credential)).toEqual([]);
  });
});

describe('scrub', () => {
  it.each([
    ['the token itself', 'token ghs_abc.def-ghi!', 'token ***!'],
    ['the header it travels in', `Basic ${encoded}`, 'Basic ***'],
    ['another token of the known shapes', 'ghp_other and github_pat_x_y', '*** and ***'],
    ['a password in a URL', 'https://me:pass@github.com/x', 'https://***@github.com/x'],
  ])('takes out %s', (_, text, clean) => expect(scrub(text, credential)).toBe(clean));

  it('leaves a text without secrets alone', () => {
    const text = "fatal: unable to access 'https://github.com/acme/demo.git/': odd";

    expect(scrub(text, undefined)).toBe(text);
  });
});
