import { createSign } from 'node:crypto';

/** The short-lived token an app proves itself with. */
export function appJwt(appId: number, privateKey: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iat: now - 30, exp: now + 570, iss: String(appId) };
  const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${unsigned}.${createSign('sha256').update(unsigned).sign(privateKey, 'base64url')}`;
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
