import { events, rule } from 'territory/rules';

rule('host-rate', () =>
  events.where('type = "metric"').by('host').rate('1m').emit({ name: 'host.rate', ttl: '3m' }),
);
