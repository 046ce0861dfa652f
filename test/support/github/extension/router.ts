import type { ApiRequest, ApiResponse, Handler, Next } from './http.ts';

interface Route {
  method: string;
  pattern: RegExp;
  names: string[];
  handler: Handler;
}

/** Routes that answer or wrap requests. Earlier ones are outside: they see the answers of later ones and of the core. */
export class Router {
  readonly #routes: Route[] = [];
  readonly #core: Next;

  constructor(core: Next) {
    this.#core = core;
  }

  /** `method` may be `*`; a pattern segment `:name` matches one segment, `:name+` the rest of the path. */
  on(method: string, pattern: string, handler: Handler): void {
    const names: string[] = [];
    const source = pattern
      .replace(/[.]/g, '\\.')
      .replace(/:(\w+)(\+?)/g, (_, name: string, rest) => {
        names.push(name);
        return rest === '+' ? '(.+)' : '([^/]+)';
      });
    this.#routes.push({ method, pattern: new RegExp(`^${source}$`), names, handler });
  }

  handle(request: ApiRequest): Promise<ApiResponse> {
    return this.#from(0, request);
  }

  async #from(start: number, request: ApiRequest): Promise<ApiResponse> {
    for (const [index, route] of this.#routes.entries()) {
      if (index < start) continue;
      if (route.method !== '*' && route.method !== request.method) continue;
      const match = route.pattern.exec(request.url.pathname);
      if (match === null) continue;
      const params = Object.fromEntries(
        route.names.map((name, at) => [name, decoded(match[at + 1] ?? '')]),
      );
      return route.handler({ ...request, params }, (later) => this.#from(index + 1, later));
    }
    return this.#core(request);
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
