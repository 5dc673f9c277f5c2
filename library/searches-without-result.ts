/**
 * What users look for and do not find: the words most often searched in vain, and an alert when the share
 * of such searches rises. Each is a wish that somebody typed in.
 *
 * Needs: a reading "search" with the attributes "query" and "results" (a number).
 * Change: the names; how large a share is usual.
 */
import { events, ratio, rule } from 'territory/rules';

const searches = events.where('name = "search"');
const inVain = searches.where('label.results = "0"');

rule('searched-in-vain', { maxKeys: 20_000 }, () =>
  inVain.by('query').window({ every: '1h' }).count().top(10, '1h').emit({ name: 'search.in_vain' }),
);

rule('searches-without-result', () => {
  const share = ratio(
    inVain.window({ every: '15m' }).count(),
    searches.window({ every: '15m' }).count(),
  ).map(() => ({ name: 'search.in_vain.ratio' }));
  return [
    share.emit({ name: 'search.in_vain.ratio', ttl: '45m' }),
    share
      .level({ critical: 'metric > 0.5', warning: 'metric > 0.3', clear: 'metric < 0.25' })
      .consecutive(2)
      .changed('state', { from: 'ok' })
      .suspects()
      .alert({ title: '{metric:percent} of searches find nothing' }),
  ];
});
