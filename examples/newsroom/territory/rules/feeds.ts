/**
 * What comes in: feeds that fall silent or slow, files that are no clips, and how old a clip is when
 * customers see it.
 *
 * Needs: readings of the types "item.discovered", "item.published", "feed.polled" and "job.failed"
 * with the attributes "feed", "item" and "ms".
 */
import { events, rule } from 'territory/rules';

const production = events.where('environment = "production"');
const discovered = production.where('type = "item.discovered"');

rule('silent-feed', () =>
  discovered
    .by('label.feed')
    .absent('60s')
    .alert({ title: 'nothing new from {feed} for a minute', team: 'pipeline' }),
);

rule('slow-feed', () =>
  production
    .where('type = "feed.polled"')
    .map((e) => ({ metric: Number(e.attributes?.['ms'] ?? e.metric) / 1000, service: 'feeds' }))
    .by('service', 'label.feed')
    .level({ critical: 'metric > 10', warning: 'metric > 2', clear: 'metric < 1' })
    .changed('state', { from: 'ok' })
    .alert({ title: 'to read {feed} takes {metric:number} s', team: 'pipeline' }),
);

rule('freshness', { idle: '15m' }, () => {
  const age = discovered
    .by('label.item')
    .followedBy(production.where('type = "item.published"').by('label.item'), { within: '15m' })
    .map((e) => ({
      service: 'publisher',
      environment: 'production',
      metric: (e.time - (e.since ?? e.time)) / 1000,
    }));
  return [age.emit({ name: 'newsroom.item.age' })];
});

/** Of what was published in the last two minutes the 95th percentile. */
rule('stale-news', () =>
  events
    .where('name = "newsroom.item.age"')
    .by('service', 'environment')
    .window({ every: '10s', size: '2m' })
    .quantiles(0.95)
    .level({ critical: 'metric > 300', warning: 'metric > 120', clear: 'metric < 60' })
    .stable('20s')
    .changed('state', { from: 'ok' })
    .suspects({ upstream: { publisher: ['importer', 'encoder', 'queue'] } })
    .alert({ title: 'news is {metric:round} s old before customers see it', team: 'pipeline' }),
);
