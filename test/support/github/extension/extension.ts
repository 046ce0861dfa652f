import type { Clock } from '../clock.ts';
import type { Emulation } from '../emulate/load-plugin.ts';
import type { BareRepositories } from '../git/bare-repositories.ts';
import { routeAccessRules } from './access-rules.ts';
import { type Buttons, routeCheckRuns } from './check-runs.ts';
import { routeCheckSuites } from './check-suites.ts';
import { routeComments } from './comments.ts';
import { conditional } from './conditional.ts';
import { Context } from './context.ts';
import { DeliveryLog } from './deliveries.ts';
import { routeDeliveries } from './delivery-routes.ts';
import { routeDiffs } from './diffs.ts';
import { dresser } from './dress.ts';
import { translateEvents } from './emulated-events.ts';
import { Events } from './events.ts';
import { type Minimised, routeGraphql } from './graphql.ts';
import { routeInstallationTokens } from './installation-tokens.ts';
import { routeIssues } from './issues.ts';
import { type PendingManifests, routeManifests } from './manifests.ts';
import { routeMerges } from './merges.ts';
import { routePullRequests } from './pull-requests.ts';
import { rateLimit } from './rate-limit.ts';
import { Reactions, routeReactions } from './reactions.ts';
import { watchRefs } from './ref-events.ts';
import { routeRoles } from './roles.ts';

/** What emulate does not know, kept beside its store. */
export interface Extension {
  context: Context;
  deliveries: DeliveryLog;
  reactions: Reactions;
  buttons: Buttons;
  minimised: Minimised;
  manifests: PendingManifests;
  events: Events;
}

export function extend(
  emulation: Emulation,
  clock: Clock,
  repositories: BareRepositories,
  requestsPerHour: number | undefined,
): Extension {
  const context = new Context(emulation, clock);
  const deliveries = new DeliveryLog(context);
  const reactions = new Reactions();
  const dress = dresser(context, reactions);
  const events = new Events(context, deliveries, dress);
  const buttons: Buttons = new Map();
  const minimised: Minimised = new Map();
  const manifests: PendingManifests = new Map();

  context.routes.on('*', '/:path+', conditional);
  context.routes.on('*', '/:path+', async (request, next) => {
    const answer = await next(request);
    return { ...answer, body: dress(answer.body) };
  });
  context.routes.on('*', '/:path+', rateLimit(context, requestsPerHour));
  routeAccessRules(context);
  routeRoles(context);
  routeInstallationTokens(context);
  routeDeliveries(context, deliveries);
  routeManifests(context, manifests);
  routeGraphql(context, events, { minimised, reactions });
  routeReactions(context, reactions);
  routeIssues(context);
  routeComments(context, events);
  routeCheckRuns(context, events, buttons);
  routeCheckSuites(context, events);
  routeDiffs(context, repositories);
  routeMerges(context, events, repositories);
  routePullRequests(context);

  translateEvents(emulation, context, events);
  watchRefs(context, events);
  return { context, deliveries, reactions, buttons, minimised, manifests, events };
}
