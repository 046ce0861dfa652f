import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Probot } from 'probot';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { app, handles } from '#src/app.ts';
import type { WebhookDeps } from '#src/webhooks/webhook-deps.ts';

/** The events that have a handler, without their actions. */
function handledEvents(): readonly string[] {
  const names: string[] = [];
  const probot = { on: (name: string | string[]) => names.push(...[name].flat()) };
  app({} as WebhookDeps)(probot as unknown as Probot);
  return [...new Set(names.map((name) => name.split('.')[0] ?? ''))].toSorted();
}

it('asks GitHub for exactly the events that it handles', () => {
  const manifest = parse(readFileSync(join(import.meta.dirname, '../../app.yml'), 'utf8')) as {
    default_events: string[];
  };

  expect(manifest.default_events.toSorted()).toEqual(handledEvents());
  expect(handledEvents().filter((event) => !handles(event))).toEqual([]);
});
