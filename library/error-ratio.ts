/**
 * The share of requests that fail, by service and environment, with the changes that came before it.
 *
 * Needs: a reading "http.requests" for each request, or counts of them, with the attribute "code".
 * Change: the name and the code's attribute to those of your senders; the limits.
 */
import { events, ratio, rule } from 'territory/rules';

rule('error-ratio', () => {
  const requests = events.where('name = "http.requests"').by('service', 'env');
  const failing = ratio(requests.where('label.code =~ "5%"').rate('30s'), requests.rate('30s')).map(
    () => ({ name: 'http.errors.ratio' }),
  );
  return [
    failing.emit({ name: 'http.errors.ratio', ttl: '2m' }),
    failing
      .level({ critical: 'metric > 0.05', warning: 'metric > 0.02', clear: 'metric < 0.01' })
      .stable('2m')
      .changed('state', { from: 'ok' })
      .suspects({ before: '30m', on: ['service', 'env'] })
      .alert({ title: '{service} fails {metric:percent} of its requests' }),
  ];
});
