import { readFile } from 'node:fs/promises';
import { eventually } from '#test/support/eventually.ts';

/** Makes Node.js open its debugging port, through which its memory can be looked at from outside. */
export const INSPECTABLE = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

export interface Memory {
  /** Bytes of JavaScript objects that are still needed. */
  readonly heapUsed: number;
  /** Bytes outside of the heap: buffers, compiled code of WebAssembly, its memory. */
  readonly external: number;
}

interface Answer {
  readonly id: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

/** Collects garbage in another process, to the last byte that is not needed, and says what is left. */
export async function memoryAfterCollection(logFile: string): Promise<Memory> {
  const inspector = await connect(logFile);
  try {
    for (let round = 0; round < 3; round += 1) await inspector.call('HeapProfiler.collectGarbage');
    const expression = 'JSON.stringify(process.memoryUsage())';
    const answer = await inspector.call('Runtime.evaluate', { expression });
    return JSON.parse(String(answer.result?.result?.value)) as Memory;
  } finally {
    inspector.close();
  }
}

async function connect(logFile: string) {
  const url = await eventually('the debugging port', async () => {
    const log = await readFile(logFile, 'utf8');
    return /^Debugger listening on (ws:\S+)/m.exec(log)?.[1];
  });
  const socket = new WebSocket(url);
  const waiting = new Map<number, (answer: Answer) => void>();
  let calls = 0;
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    waiting.get(answer.id)?.(answer);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  return {
    call(method: string, params: object = {}): Promise<Answer> {
      calls += 1;
      const id = calls;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method, params }));
      });
    },
    close: () => socket.close(),
  };
}
