/** A process of its own that sends deliveries by the clock, whatever the answers take, and tells how long they took. */

import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../measure/statistics.ts';
import type { Load, LoadResult } from './load.ts';

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

const [load] = (await once(process, 'message')) as [Load];
process.send?.(await fire(load), () => process.exit(0));

async function fire({ url, secret, shots, count, perSecond }: Load): Promise<LoadResult> {
  const bodies = shots.map(({ event, payload }) => {
    const body = JSON.stringify(payload);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    return { event, body, signature: `sha256=${signature}` };
  });
  const late: number[] = [];
  const answers: Promise<{ status: number; latency: number }>[] = [];
  const started = performance.now() + 100;
  for (let shot = 0; shot < count; shot += 1) {
    const due = started + (shot * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    late.push(performance.now() - due);
    const { event, body, signature } = bodies[shot % bodies.length] ?? {
      event: '',
      body: '',
      signature: '',
    };
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': signature,
    };
    answers.push(post(url, headers, body, due));
  }
  const all = await Promise.all(answers);
  return {
    latencies: all.map(({ latency }) => latency),
    refused: all.filter(({ status }) => status !== 202).length,
    lateMs: percentile(late, 99),
  };
}

async function post(url: string, headers: Record<string, string>, body: string, due: number) {
  const status = await new Promise<number>((resolve) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', () => resolve(0));
    sent.end(body);
  });
  return { status, latency: performance.now() - due };
}
