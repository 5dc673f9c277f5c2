/**
 * How long the site makes people wait: the 95th percentile of each environment as a reading, an alert
 * when it lasts, with the changes that came just before it.
 *
 * Needs: a reading "http.server.request.duration" in s for each request.
 */
import { events, rule } from 'territory/rules';

const answers = events.where('name = "http.server.request.duration" and service = "site"');

rule('slow-answers', () => {
  const p95 = answers
    .by('service', 'environment')
    .window({ every: '5s', size: '20s' })
    .quantiles(0.95);
  return [
    p95.emit({ name: 'newsroom.answers.p95', ttl: '1m' }),
    p95
      // Of two answers the slower one is no percentile; of those in production are many.
      .where('environment = "production"')
      .level({ critical: 'metric > 2', warning: 'metric > 0.4', clear: 'metric < 0.3' })
      .stable('10s')
      .changed('state', { from: 'ok' })
      .suspects({ before: '10m', late: '30s' })
      .alert({
        title: 'one in twenty answers of the {service} takes longer than {metric:number} s',
        team: 'web',
      }),
  ];
});

/** Which page it is: a reading for each route, for charts and for who looks for the cause. */
rule('answers-by-route', () =>
  answers
    .by('service', 'environment', 'label.http.route')
    .window({ every: '10s', size: '1m' })
    .quantiles(0.95)
    .emit({ name: 'newsroom.route.p95', ttl: '1m' }),
);
