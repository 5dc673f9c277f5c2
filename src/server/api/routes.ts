import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { addAlertRoutes } from './alert-routes.ts';
import { addBacktestRoutes } from './backtest-routes.ts';
import { addCalendarRoutes } from './calendar-routes.ts';
import { addEventRoutes } from './event-routes.ts';
import { addGatesRoutes } from './gates-routes.ts';
import { addIntakeRoutes } from './intake-routes.ts';
import { addLibraryRoutes } from './library-routes.ts';
import { addLiveRoutes } from './live-routes.ts';
import { addMapFlowRoutes } from './map-flow-routes.ts';
import { addMapRoutes } from './map-routes.ts';
import { addQueryRoutes } from './query-routes.ts';
import { addReleaseRoutes } from './release-routes.ts';
import { addRuleRoutes } from './rule-routes.ts';
import { addSelfRoutes } from './self-routes.ts';
import { addSessionRoutes } from './session-routes.ts';
import { addTailRoute } from './tail-route.ts';
import { addThreadRoutes } from './thread-routes.ts';
import { addTokenRoutes } from './token-routes.ts';
import { addUserRoutes } from './user-routes.ts';
import { addWebhookRoutes } from './webhook-routes.ts';

/** Every route of the API but the intake, which is mounted before the router. */
export function addRoutes(app: App, parts: Parts): void {
  addTailRoute(app, parts);
  addQueryRoutes(app, parts);
  addLiveRoutes(app, parts);
  addBacktestRoutes(app, parts);
  addEventRoutes(app, parts);
  addThreadRoutes(app, parts);
  addMapRoutes(app, parts);
  addMapFlowRoutes(app, parts);
  addReleaseRoutes(app, parts);
  addGatesRoutes(app, parts);
  addCalendarRoutes(app, parts);
  addSessionRoutes(app, parts);
  addTokenRoutes(app, parts);
  addUserRoutes(app, parts);
  addWebhookRoutes(app, parts);
  addSelfRoutes(app, parts);
  addIntakeRoutes(app, parts);
  addAlertRoutes(app, parts);
  addLibraryRoutes(app, parts);
  addRuleRoutes(app, parts);
}
