/**
 * What visitors look for and do not find. Each is a wish that somebody typed in.
 *
 * Needs: a reading of the type "search.performed", whose metric is how many were found, with the
 * attribute "query".
 */
import { events, ratio, rule } from 'territory/rules';

const searches = events.where('type = "search.performed" and environment = "production"');
const inVain = searches.where('metric = 0');

rule('searched-in-vain', { maxKeys: 20_000 }, () =>
  inVain
    .by('query')
    .window({ every: '1m', size: '15m' })
    .count()
    .where('metric > 0')
    .top(10, '1m')
    .emit({ name: 'newsroom.search.invain' }),
);

rule('searches-without-result', () => {
  const share = ratio(
    inVain.window({ every: '1m', size: '5m' }).count(),
    searches.window({ every: '1m', size: '5m' }).count(),
  ).map(() => ({ service: 'site', environment: 'production' }));
  return [
    share.emit({ name: 'newsroom.search.invain.ratio', ttl: '3m' }),
    share
      .by('service', 'environment')
      .level({ critical: 'metric > 0.8', warning: 'metric > 0.5', clear: 'metric < 0.4' })
      .consecutive(2)
      .changed('state', { from: 'ok' })
      .suspects()
      .alert({ title: '{metric:percent} of the searches find nothing', team: 'web' }),
  ];
});
