/**
 * Pages that fail, for all or for one browser only. What fails for one of five visitors is one in five
 * of all requests, and looks like noise until it is counted by browser. That others whom the site
 * needs are away (503) is no fault of a page: `orders.ts` tells it.
 *
 * Needs: a reading "http.server.request.duration" for each request, with OpenTelemetry's attributes
 * "http.route", "http.response.status_code" and "user_agent.name".
 */
import { events, rule, type RuleEvent } from 'territory/rules';

/** Requests, and those of them that failed. */
interface Count {
  readonly all: number;
  readonly failed: number;
}
type Counts = Readonly<Record<string, Count>>;

const none: Count = { all: 0, failed: 0 };
/** Fewer requests than this say nothing of a browser. */
const enough = 3;

function counted(counts: Counts, event: RuleEvent): Counts {
  const browser = event.attributes?.['user_agent.name'] ?? 'unknown';
  const { all, failed } = counts[browser] ?? none;
  const status = event.attributes?.['http.response.status_code'];
  const isFailure = Number(status) >= 500 && status !== '503';
  return { ...counts, [browser]: { all: all + 1, failed: failed + (isFailure ? 1 : 0) } };
}

const total = (counts: readonly Count[]): Count => ({
  all: counts.reduce((sum, { all }) => sum + all, 0),
  failed: counts.reduce((sum, { failed }) => sum + failed, 0),
});
const share = ({ all, failed }: Count): number => failed / all;

/** The share that fails, and for whom: one browser where it fails there alone. */
function judged(counts: Counts): Partial<RuleEvent> | undefined {
  const whole = total(Object.values(counts));
  if (whole.all < enough) return undefined;
  const worst = Object.entries(counts)
    .filter(([, count]) => count.all >= enough)
    .toSorted(([, a], [, b]) => share(b) - share(a))[0];
  if (worst !== undefined) {
    const [browser, count] = worst;
    const others = { all: whole.all - count.all, failed: whole.failed - count.failed };
    if (share(count) > 0.2 && others.all >= enough && share(others) < 0.02)
      return { metric: share(count), attributes: { browser: `${browser} alone` } };
  }
  return { metric: share(whole), attributes: { browser: 'all browsers' } };
}

rule('failing-page', () =>
  events
    .where(
      'name = "http.server.request.duration" and service = "site" and environment = "production"',
    )
    .by('service', 'environment', 'label.http.route')
    .window({ every: '5s', size: '1m' })
    .fold({} as Counts, counted, judged)
    .level({ critical: 'metric > 0.2', warning: 'metric > 0.05', clear: 'metric < 0.02' })
    .stable('10s')
    .changed('state', { from: 'ok' })
    .suspects({ before: '10m', late: '30s' })
    .alert({ title: '{http.route} fails for {metric:percent} of {browser}', team: 'web' }),
);
