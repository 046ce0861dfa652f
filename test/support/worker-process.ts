import { once } from 'node:events';
import pino from 'pino';
import { closeQueue, drainQueue, openQueue, work } from '#src/queue/queue.ts';
import { openDatabase } from '#src/store/database.ts';

/**
 * A process that does `execute-node` jobs until it is told to end. It prints `ready`, then for each
 * job `start <node> <attempt>` and `end <node>`; a node called `hang…` never ends by itself.
 */
const [databaseUrl = '', dataDir = ''] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const database = await openDatabase({ databaseUrl: databaseUrl || null, dataDir, log });
const queue = await openQueue({ database, log });
work(queue, 'execute-node', { concurrency: 4 }, async ({ data, attempt, signal }) => {
  process.stdout.write(`start ${data.node} ${attempt}\n`);
  if (data.node.startsWith('hang')) await once(signal, 'abort');
  signal.throwIfAborted();
  process.stdout.write(`end ${data.node}\n`);
});
process.once('SIGTERM', () => {
  void drainQueue(queue, 5_000)
    .then(() => closeQueue(queue))
    .then(() => database.close());
});
process.stdout.write('ready\n');
