export interface Credential {
  /** An installation token. Its shape and length are GitHub's business. */
  readonly token: string;
}

/** Git settings that send the token to this origin and nowhere else. */
export function credentialConfig(cloneUrl: string, credential: Credential): [string, string][] {
  const { protocol, origin } = new URL(cloneUrl);
  if (protocol === 'file:') return [];
  return [[`http.${origin}/.extraHeader`, `Authorization: Basic ${basic(credential.token)}`]];
}

/** Removes the token from a text in every form it travels in, and anything else that looks like one. */
export function scrub(text: string, credential: Credential | undefined): string {
  let clean = text;
  if (credential !== undefined && credential.token !== '') {
    clean = clean.replaceAll(credential.token, '***').replaceAll(basic(credential.token), '***');
  }
  return clean
    .replaceAll(/\b(gh[a-z]_|github_pat_)[\w.-]+/g, '***')
    .replaceAll(/(:\/\/)[^\s/@]+@/g, '$1***@');
}

function basic(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString('base64');
}
