import { createPublicKey, verify } from 'node:crypto';
import type { Context } from './context.ts';
import { ANONYMOUS, type ApiResponse, type Caller, problem } from './http.ts';

const JWT_LEEWAY_SECONDS = 60;
const JWT_LIFETIME_SECONDS = 600;

/** Who sends this header, or the 401 GitHub answers. Git sends tokens as the password of basic authentication. */
export function authenticate(context: Context, authorization: string | null): Caller | ApiResponse {
  const credential = credentialIn(authorization);
  if (credential === null) return ANONYMOUS;
  if (credential.startsWith('eyJ')) return appOf(context, credential);
  const owner = context.tokens.get(credential);
  if (owner === undefined || isExpired(context, credential)) return problem(401, 'Bad credentials');
  const slug = owner.installation && context.app(owner.installation.appId)?.slug;
  return {
    kind: owner.installation ? 'installation' : 'user',
    login: slug === undefined ? owner.login : `${slug}[bot]`,
    token: credential,
    owner,
    appId: owner.installation?.appId ?? null,
  };
}

export const isRefusal = (outcome: Caller | ApiResponse): outcome is ApiResponse =>
  'status' in outcome;

function credentialIn(authorization: string | null): string | null {
  if (authorization === null) return null;
  const basic = /^Basic (.+)$/i.exec(authorization)?.[1];
  if (basic === undefined) return authorization.replace(/^(bearer|token)\s+/i, '').trim();
  const [user = '', ...rest] = Buffer.from(basic, 'base64').toString().split(':');
  return rest.join(':') || user;
}

function isExpired(context: Context, token: string): boolean {
  const expiry = context.expiries.get(token);
  return expiry !== undefined && expiry <= context.clock.now();
}

function appOf(context: Context, jwt: string): Caller | ApiResponse {
  const refused = problem(401, 'A JSON web token could not be decoded');
  const [header = '', claims = '', signature = ''] = jwt.split('.');
  const payload = decode(claims);
  const app = context.app(Number(payload?.iss));
  if (payload === null || app === undefined) return refused;
  const key = createPublicKey(app.private_key);
  const signed = Buffer.from(`${header}.${claims}`);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return refused;
  const now = Date.now() / 1000;
  if (!(payload.exp > now))
    return problem(401, "'Expiration time' claim ('exp') is too far in the past");
  if (payload.exp > now + JWT_LIFETIME_SECONDS + JWT_LEEWAY_SECONDS) {
    return problem(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (payload.iat > now + JWT_LEEWAY_SECONDS) {
    return problem(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  return { kind: 'app', login: app.slug, token: jwt, owner: null, appId: app.app_id };
}

function decode(claims: string): { iss: unknown; exp: number; iat: number } | null {
  try {
    return JSON.parse(Buffer.from(claims, 'base64url').toString()) as never;
  } catch {
    return null;
  }
}
