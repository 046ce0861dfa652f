import type { TokenOwner } from '../emulate/rows.ts';

/** Who sent a request, as far as its credentials tell. */
export interface Caller {
  kind: 'anonymous' | 'user' | 'installation' | 'app';
  /** The login GitHub shows as the author: `bob`, `sluice[bot]`; the slug for an app's own token. */
  login: string;
  token: string | null;
  owner: TokenOwner | null;
  appId: number | null;
}

export const ANONYMOUS: Caller = {
  kind: 'anonymous',
  login: 'anonymous',
  token: null,
  owner: null,
  appId: null,
};

export interface ApiRequest {
  method: string;
  url: URL;
  /** Decoded path segments named by the pattern that matched. */
  params: Record<string, string>;
  headers: Headers;
  body: unknown;
  caller: Caller;
}

export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  /** A JSON value, raw bytes, or undefined for an empty answer. */
  body: unknown;
}

export type Next = (request: ApiRequest) => Promise<ApiResponse>;
export type Handler = (request: ApiRequest, next: Next) => ApiResponse | Promise<ApiResponse>;

export function reply(
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): ApiResponse {
  return { status, headers, body };
}

export function noContent(): ApiResponse {
  return { status: 204, headers: {}, body: undefined };
}

export interface FieldError {
  resource: string;
  code: string;
  field?: string;
  message?: string;
}

export function problem(status: number, message: string, errors?: FieldError[]): ApiResponse {
  const documentation = {
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  };
  return reply({ message, ...(errors && { errors }), ...documentation }, status);
}

export const notFound = (): ApiResponse => problem(404, 'Not Found');
export const forbidden = (message = 'Resource not accessible by integration'): ApiResponse =>
  problem(403, message);
export const invalid = (...errors: FieldError[]): ApiResponse =>
  problem(422, 'Validation Failed', errors);

/** The request's JSON object; anything else counts as empty. */
export function fields(request: ApiRequest): Record<string, unknown> {
  const { body } = request;
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Record<string, unknown>)
    : {};
}

/** One page of a list, with GitHub's Link header. */
export function paged<T>(
  request: ApiRequest,
  items: T[],
  render: (item: T) => unknown,
): ApiResponse {
  const { page, slice, headers } = pageOf(request, items);
  return { status: 200, headers, body: page === 0 ? [] : slice.map(render) };
}

export function pageOf<T>(request: ApiRequest, items: T[]) {
  const query = request.url.searchParams;
  const perPage = Math.min(Math.max(Number(query.get('per_page') ?? 30) || 30, 1), 100);
  const page = Math.max(Number(query.get('page') ?? 1) || 1, 1);
  const last = Math.max(Math.ceil(items.length / perPage), 1);
  const at = (target: number) => {
    const url = new URL(request.url);
    url.searchParams.set('page', String(target));
    return url.href;
  };
  const links = [
    ...(page > 1 ? [`<${at(page - 1)}>; rel="prev"`, `<${at(1)}>; rel="first"`] : []),
    ...(page < last ? [`<${at(page + 1)}>; rel="next"`, `<${at(last)}>; rel="last"`] : []),
  ];
  const headers: Record<string, string> = links.length > 0 ? { link: links.join(', ') } : {};
  return { page, slice: items.slice((page - 1) * perPage, page * perPage), headers };
}
