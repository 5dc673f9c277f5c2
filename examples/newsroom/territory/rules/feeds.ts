/**
 * What comes in: feeds that fall silent or slow, and how old a clip is when customers see it.
 *
 * Needs: readings of the types "item.discovered", "feed.polled" and "item.published", the last two
 * with a time in s as metric, all with the attribute "feed".
 */
import { events, rule } from 'territory/rules';

const production = events.where('environment = "production"');

rule('silent-feed', () =>
  production
    .where('type = "item.discovered"')
    .by('label.feed')
    .absent('60s')
    .alert({ title: 'nothing new from {feed} for a minute', team: 'pipeline' }),
);

rule('slow-feed', () =>
  production
    .where('type = "feed.polled"')
    .map(() => ({ service: 'feeds' }))
    .by('service', 'label.feed')
    .level({ critical: 'metric > 10', warning: 'metric > 2', clear: 'metric < 1' })
    .changed('state', { from: 'ok' })
    .alert({ title: 'to read {feed} takes {metric:number} s', team: 'pipeline' }),
);

/** How old a clip is when customers see it, s: of what was published in the last two minutes. */
rule('stale-news', () => {
  const age = production
    .where('type = "item.published"')
    .by('service', 'environment')
    .window({ every: '10s', size: '2m' })
    .quantiles(0.95);
  return [
    age.emit({ name: 'newsroom.item.age', ttl: '1m' }),
    age
      .level({ critical: 'metric > 300', warning: 'metric > 120', clear: 'metric < 60' })
      .stable('20s')
      .changed('state', { from: 'ok' })
      .suspects({ upstream: { publisher: ['importer', 'encoder', 'queue'] } })
      .alert({ title: 'news is {metric:round} s old before customers see it', team: 'pipeline' }),
  ];
});
