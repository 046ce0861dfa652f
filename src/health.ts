import type { IncomingMessage, ServerResponse } from 'node:http';
import { sql } from 'kysely';
import type { Database } from './store/schema.ts';

/** `/healthz`: the process is alive. `/readyz`: it can take work: it has started, its database answers, and it is not stopping. */
export interface Health {
  ready(): void;
  stopping(): void;
  /** False if the request asks for something else. */
  answer(request: IncomingMessage, response: ServerResponse, db: Database): Promise<boolean>;
}

const DATABASE_TIMEOUT_MS = 3_000;

export function createHealth(): Health {
  let state: 'starting' | 'ready' | 'stopping' = 'starting';
  return {
    ready() {
      state = 'ready';
    },
    stopping() {
      state = 'stopping';
    },
    async answer(request, response, db) {
      const path = request.url?.split('?')[0];
      if (path === '/healthz') return reply(response, 200, { status: 'ok' });
      if (path !== '/readyz') return false;
      if (state !== 'ready') return reply(response, 503, { status: state });
      const database = await answers(db);
      return reply(response, database ? 200 : 503, { status: database ? 'ready' : 'no-database' });
    },
  };
}

function reply(response: ServerResponse, status: number, body: object): true {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
  return true;
}

async function answers(db: Database): Promise<boolean> {
  const timeout = new Promise<false>((resolve) => {
    setTimeout(() => resolve(false), DATABASE_TIMEOUT_MS).unref();
  });
  const asked = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, timeout]);
}
