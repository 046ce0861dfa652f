import type { Context } from './context.ts';
import type { Delivery, DeliveryLog } from './deliveries.ts';
import { type ApiRequest, type Handler, notFound, problem, reply } from './http.ts';
import { DELIVERY_RETENTION_MS } from './limits.ts';

/** An app's own view of its deliveries. Only the app's JSON web token opens it. */
export function routeDeliveries(context: Context, log: DeliveryLog): void {
  const { routes } = context;
  const asApp =
    (handler: (request: ApiRequest, own: Delivery[]) => ReturnType<Handler>): Handler =>
    (request) => {
      const { appId, kind } = request.caller;
      if (kind !== 'app') return problem(401, 'A JSON web token could not be decoded');
      const oldest = context.clock.now() - DELIVERY_RETENTION_MS;
      return handler(
        request,
        log.attempts.filter((each) => each.appId === appId && each.deliveredAt > oldest),
      );
    };

  routes.on('GET', '/app/hook/deliveries', asApp(list));

  routes.on(
    'GET',
    '/app/hook/deliveries/:id',
    asApp((request, own) => {
      const delivery = wanted(request, own);
      if (delivery === undefined) return notFound();
      const sent = { headers: {}, payload: delivery.payload };
      return reply({ ...summaryOf(delivery), url: '', request: sent, response: {} });
    }),
  );

  routes.on(
    'POST',
    '/app/hook/deliveries/:id/attempts',
    asApp((request, own) => {
      const delivery = wanted(request, own);
      if (delivery === undefined) return notFound();
      context.background(log.redeliver(delivery));
      return reply({}, 202);
    }),
  );

  routes.on(
    'GET',
    '/app/hook/config',
    asApp(({ caller }) => {
      const app = caller.appId === null ? undefined : context.app(caller.appId);
      const url = app?.webhook_url ?? '';
      return reply({ content_type: 'json', insecure_ssl: '0', secret: '********', url });
    }),
  );
}

function wanted(request: ApiRequest, own: Delivery[]): Delivery | undefined {
  return own.find((each) => each.id === Number(request.params['id']));
}

/** Newest first; the cursor names the delivery the next page starts behind. */
function list(request: ApiRequest, own: Delivery[]) {
  const query = request.url.searchParams;
  const perPage = Math.min(Number(query.get('per_page') ?? 30) || 30, 100);
  const before = Number(/^v1_(\d+)$/.exec(query.get('cursor') ?? '')?.[1] ?? Infinity);
  const status = query.get('status');
  const matching = own
    .filter((each) => each.id < before && each.status !== '')
    .filter((each) => status === null || (each.status === 'OK') === (status === 'success'))
    .toReversed();
  const page = matching.slice(0, perPage);
  const last = page.at(-1);
  if (last === undefined || matching.length <= perPage) return reply(page.map(summaryOf));
  const next = new URL(request.url);
  next.searchParams.set('cursor', `v1_${last.id}`);
  return reply(page.map(summaryOf), 200, { link: `<${next.href}>; rel="next"` });
}

function summaryOf(delivery: Delivery) {
  const id = (key: string) => (delivery.payload[key] as { id?: number } | undefined)?.id ?? null;
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: new Date(delivery.deliveredAt).toISOString(),
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.durationMs) / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: id('installation'),
    repository_id: id('repository'),
    throttled_at: null,
  };
}
