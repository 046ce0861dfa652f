import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { useStage } from '#test/support/story/use-stage.ts';

interface Example {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}

const EVENTS = createRequire(import.meta.url)('@octokit/webhooks-examples') as Example[];

const stage = useStage();

it('takes every webhook GitHub documents, and starts nothing by accident', async () => {
  const { github, running, journal } = stage;
  const installation = { id: github.app.installationId, node_id: 'I_1' };
  const payloads = EVENTS.flatMap(({ name, examples }) =>
    examples.map((example) => ({ name, body: JSON.stringify({ installation, ...example }) })),
  );
  const requestsBefore = github.requests.length;

  const answers = await Promise.all(
    payloads.map(async ({ name, body }) => {
      const signature = createHmac('sha256', github.app.webhookSecret).update(body).digest('hex');
      const response = await fetch(running.webhookUrl, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-github-event': name,
          'x-github-delivery': randomUUID(),
          'x-hub-signature-256': `sha256=${signature}`,
        },
      });
      return response.status;
    }),
  );
  await stage.answers((await stage.issue('A life sign')).number);

  expect(payloads.length).toBeGreaterThanOrEqual(329);
  expect(new Set(answers)).toEqual(new Set([202]));
  expect(journal.find('a job failed')).toEqual([]);
  expect(journal.find('step started')).toEqual([]);
  const changes = github.requests
    .slice(requestsBefore)
    .filter(({ method, path }) => method !== 'GET' && path.includes('Codertocat'));
  expect(changes).toEqual([]);
});
