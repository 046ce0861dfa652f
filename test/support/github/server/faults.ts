export type FaultKind =
  | '500'
  | '502'
  | '503'
  | '401'
  | '404'
  | '422'
  /** 403 with Retry-After, and the same as 429. */
  | 'secondary'
  | 'secondary429'
  /** 403 with no requests remaining. */
  | 'primary'
  /** The connection is reset before anything happens. */
  | 'reset'
  /** Nothing ever comes back, and nothing happens. */
  | 'hang'
  /** Happens normally, later. */
  | 'slow'
  /** Happens, but the connection is reset instead of an answer. */
  | 'lost-reply'
  /** Happens, but the answer breaks off in the middle. */
  | 'truncate';

export interface Fault {
  kind: FaultKind;
  /** Defaults to every method. */
  method?: RegExp;
  /** Matched against path and query; defaults to every path. */
  path?: RegExp;
  /** How many requests it strikes; once by default. */
  times?: number;
  /** `app` (the default) spares people, the page and the tests' own helpers. */
  from?: 'app' | 'anyone';
  /** For `secondary`, `secondary429` and `primary`: when GitHub says to come back. */
  afterSeconds?: number;
  /** For `slow`. */
  milliseconds?: number;
}

export interface FaultAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** What goes wrong between an app and GitHub, in the order it was asked for. */
export class Faults {
  readonly #rules: (Fault & { times: number })[] = [];

  add(...faults: Fault[]): void {
    this.#rules.push(...faults.map((fault) => ({ ...fault, times: fault.times ?? 1 })));
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** Those that have not struck as often as they should. */
  get pending(): Fault[] {
    return this.#rules.filter((rule) => rule.times > 0);
  }

  take(method: string, path: string, fromApp: boolean): Fault | null {
    const rule = this.#rules.find(
      (each) =>
        each.times > 0 &&
        (each.from === 'anyone' || fromApp) &&
        (each.method?.test(method) ?? true) &&
        (each.path?.test(path) ?? true),
    );
    if (rule === undefined) return null;
    rule.times -= 1;
    return rule;
  }
}

/** The answer a fault gives in place of the real one, or null when it breaks the connection instead. */
export function faultAnswer({ kind, afterSeconds = 1 }: Fault): FaultAnswer | null {
  const later = { 'retry-after': String(afterSeconds) };
  const secondary = {
    message:
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    documentation_url:
      'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
  };
  switch (kind) {
    case '500':
      return json(500, { message: 'Server Error' });
    case '502':
      return {
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: Buffer.from('<html>Unicorn!</html>'),
      };
    case '503':
      return json(503, { message: 'Service unavailable' });
    case '401':
      return json(401, { message: 'Bad credentials' });
    case '404':
      return json(404, { message: 'Not Found' });
    case '422':
      return json(422, {
        message: 'Validation Failed',
        errors: [{ resource: 'Issue', code: 'custom', message: 'refused by a test' }],
      });
    case 'secondary':
      return json(403, secondary, later);
    case 'secondary429':
      return json(429, secondary, later);
    case 'primary':
      return json(
        403,
        { message: 'API rate limit exceeded for installation.' },
        primary(afterSeconds),
      );
    case 'reset':
    case 'hang':
    case 'slow':
    case 'lost-reply':
    case 'truncate':
      return null;
  }
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): FaultAnswer {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body };
}

function primary(afterSeconds: number): Record<string, string> {
  return {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + afterSeconds),
  };
}
