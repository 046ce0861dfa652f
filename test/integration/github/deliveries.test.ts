import { createServer } from 'node:http';
import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { findLostDeliveries, redeliver } from '#src/github/deliveries.ts';
import { gitHubAt } from './faulty-github.ts';
import { installed } from './installed.ts';

const here = installed();
const LONG_AGO = new Date(0);

describe('deliveries', () => {
  it('that nobody took are found, sent again under their GUID, and then no longer lost', async () => {
    const arrived: string[] = [];
    const receiver = await aReceiver(arrived);
    here.local.setWebhookUrl('http://127.0.0.1:9/nobody');
    await here.local.as('bob').createIssue({ title: 'unheard' });
    await here.local.idle();

    const [lost, ...others] = await findLostDeliveries(here.github.app, LONG_AGO);
    here.local.setWebhookUrl(receiver.url);
    const answer = await redeliver(here.github.app, lost!);
    await here.local.idle();

    expect(lost).toMatchObject({ event: 'issues', action: 'opened' });
    expect(others).toEqual([]);
    expect(answer).toBe('asked');
    expect(arrived).toEqual([lost!.guid]);
    expect(await findLostDeliveries(here.github.app, LONG_AGO)).toEqual([]);
    await receiver.close();
  });

  it('that GitHub has forgotten are gone', async () => {
    const delivery = {
      id: '999999',
      guid: 'g',
      event: 'push',
      action: null,
      deliveredAt: LONG_AGO,
    };

    expect(await redeliver(here.github.app, delivery)).toBe('gone');
  });

  it('keep ids that are larger than a number holds', async () => {
    const at = new Date().toISOString();
    const attempt = (id: string, guid: string, code: number, when = at) =>
      `{"id":${id},"guid":"${guid}","event":"push","action":null,"delivered_at":"${when}","status_code":${code}}`;
    const page = [
      attempt('900719925474099301', 'a', 502),
      attempt('900719925474099300', 'b', 200),
      attempt('900719925474099299', 'a', 502),
      attempt('900719925474099298', 'b', 503),
      attempt('900719925474099297', 'old', 502, new Date(1000).toISOString()),
    ];
    const api = nock('https://github.test')
      .get('/app/hook/deliveries')
      .query({ per_page: 100 })
      .reply(200, `[${page.join(',')}]`, { 'content-type': 'application/json' })
      .post('/app/hook/deliveries/900719925474099301/attempts')
      .reply(202, {});
    const { app } = gitHubAt('https://github.test');

    const lost = await findLostDeliveries(app, new Date(2000));
    for (const delivery of lost) await redeliver(app, delivery);

    expect(lost.map(({ id, guid }) => ({ id, guid }))).toEqual([
      { id: '900719925474099301', guid: 'a' },
    ]);
    expect(api.isDone()).toBe(true);
  });
});

async function aReceiver(arrived: string[]) {
  const server = createServer((request, response) => {
    arrived.push(String(request.headers['x-github-delivery']));
    request.resume();
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}/`, close };
}
