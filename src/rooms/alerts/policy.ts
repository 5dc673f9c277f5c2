import type { Alert } from './alert.ts';
import type { FlapThresholds } from './flap.ts';
import { type InhibitRule, type InhibitedBy, inhibition } from './inhibit.ts';
import { type AlertMatches, matcherOf, onceEach, valuesOf } from './labels.ts';
import { shortName } from './names.ts';
import type { Bounds } from './state.ts';

/** Which alerts are told to whom, in the words of Alertmanager. Durations in ms. */
export interface RouteSettings {
  /** Over the labels of alerts; all when left out. */
  readonly where?: string;
  /** `browser`, `mail:ADDRESS`, `webhook:NAME`. */
  readonly to: readonly string[];
  /** Alerts with the same values of these labels are told together. */
  readonly groupBy?: readonly string[];
  /** How long the first alert of a group waits for others. */
  readonly groupWait?: number;
  /** The least time between two notifications of one group. */
  readonly groupInterval?: number;
  /** After so long, what is still open and acknowledged by nobody is told again. */
  readonly repeatInterval?: number;
  /** Look at the routes below as well. */
  readonly continue?: boolean;
}

/** Everything that is set about alerts. */
export interface PolicySettings {
  readonly bounds: Bounds;
  readonly flapping: FlapThresholds;
  readonly routes: readonly RouteSettings[];
  /** Receivers of a team, by the name that rules give. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
  readonly inhibit: readonly InhibitRule[];
  /** At most `max` notifications to one receiver within `window` ms. */
  readonly rate: { readonly max: number; readonly window: number };
  /** ms in which a target is not scaled again. */
  readonly cooldownOf: (target: string) => number;
}

/** How one receiver is told of one alert. */
export interface Address {
  readonly to: string;
  readonly group: string;
  readonly groupWait: number;
  readonly groupInterval: number;
  readonly repeatInterval: number;
}

/** The settings, read once. */
export interface Policy extends Omit<PolicySettings, 'routes' | 'teams' | 'inhibit'> {
  /** One address for each receiver that is told of an alert. */
  readonly addresses: (alert: Alert) => readonly Address[];
  readonly inhibitedBy: (open: Iterable<Alert>) => InhibitedBy;
}

/** Alertmanager's: `group_wait` 30s, `group_interval` 5m, `repeat_interval` 4h. */
export const routeDefaults = {
  groupBy: ['rule'],
  groupWait: 30_000,
  groupInterval: 300_000,
  repeatInterval: 14_400_000,
} as const;

const toBrowsers: RouteSettings = { to: ['browser'], groupWait: 0, groupInterval: 0 };

/** Throws TERR_WHERE_… for a condition or label that cannot be read. */
export function policyOf(settings: PolicySettings): Policy {
  const { routes, teams, inhibit, ...rest } = settings;
  const compiled = (routes.length === 0 ? [toBrowsers] : routes).map(compileRoute);
  const byTeam = new Map(
    Object.entries(teams).map(([team, to]) => [team, compileRoute({ to, continue: true })]),
  );
  return {
    ...rest,
    inhibitedBy: inhibition(inhibit),
    addresses: onceEach((alert) => addressesOf(alert, byTeam.get(alert.team ?? ''), compiled)),
  };
}

interface Route {
  readonly matches: AlertMatches;
  readonly to: readonly string[];
  readonly goesOn: boolean;
  readonly address: (to: string, alert: Alert) => Address;
}

function compileRoute(settings: RouteSettings): Route {
  const { where = '', to, continue: goesOn = false, groupBy = routeDefaults.groupBy } = settings;
  const { groupWait = routeDefaults.groupWait, groupInterval = routeDefaults.groupInterval } =
    settings;
  const { repeatInterval = routeDefaults.repeatInterval } = settings;
  const values = valuesOf(groupBy);
  const times = { groupWait, groupInterval, repeatInterval };
  return {
    matches: matcherOf(where),
    to,
    goesOn,
    // By what the route says and not by its place, so that another route above changes nothing.
    address: (receiver, alert) => ({
      to: receiver,
      group: shortName(receiver, where, ...groupBy, values(alert)),
      ...times,
    }),
  };
}

function addressesOf(alert: Alert, team: Route | undefined, routes: readonly Route[]): Address[] {
  const found = new Map<string, Address>();
  for (const route of team ? [team, ...routes] : routes) {
    if (!route.matches(alert)) continue;
    // Nobody is told twice of one alert: the first route counts.
    for (const to of route.to) if (!found.has(to)) found.set(to, route.address(to, alert));
    if (!route.goesOn) break;
  }
  return [...found.values()];
}
