/**
 * The 95th percentile of how long requests take, by service: as a reading of its own, and as an alert.
 *
 * Needs: a reading "http.latency" in ms for each request.
 * Change: the name, the limits in ms.
 */
import { events, rule } from 'territory/rules';

const latency = events.where('name = "http.latency"').by('service');

rule('latency', () => {
  const p95 = latency.window({ every: '10s', size: '1m' }).quantiles(0.95);
  return [
    p95.emit({ name: 'http.latency.p95', ttl: '1m' }),
    p95
      .level({ critical: 'metric > 2000', warning: 'metric > 500', clear: 'metric < 400' })
      .stable('2m')
      .changed('state', { from: 'ok' })
      .suspects()
      .alert({ title: '95 % of requests to {service} take up to {metric:round} ms' }),
  ];
});
