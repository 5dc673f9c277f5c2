import { events, ratio, rule } from 'territory/rules';

// Ten rules as a team would have them, over the events of bench/load/events.ts.
const metrics = events.where('type = "metric"');
const logs = events.where('type = "log"');
const failed = events.where('state = "critical"');

rule('host-rate', () => metrics.by('host').rate('1m').emit({ name: 'host.rate', ttl: '3m' }));

rule('latency', () =>
  metrics
    .where('name =~ "http.server.latency%"')
    .by('service')
    .window({ every: '1m' })
    .quantiles(0.5, 0.95, 0.99)
    .emit({ name: 'latency.q' }),
);

rule('error-ratio', () =>
  ratio(failed.by('service').rate('1m'), events.by('service').rate('1m'))
    .level({ critical: 'metric > 0.05', warning: 'metric > 0.035' })
    .stable('2m')
    .changed('state', { from: 'ok' })
    .alert({ title: '{service} fails {metric:percent}' }),
);

rule('checks', () =>
  events
    .by('host', 'service')
    .consecutive(3)
    .changed('state', { from: 'ok' })
    .alert({ title: '{service} on {host} is {state}' }),
);

rule('heartbeats', () =>
  events
    .where('source = "/bench/agent"')
    .by('host')
    .absent('90s')
    .alert({ title: '{host} went silent' }),
);

rule('noisiest', () =>
  failed.by('service').window({ every: '1m' }).count().top(5, '1m').emit({ name: 'top.failed' }),
);

rule('requests', () =>
  metrics
    .where('name = "http.server.requests.0"')
    .by('service')
    .ewma('5m')
    .level({ critical: 'metric > 900', warning: 'metric > 800', clear: 'metric < 600' })
    .changed('state', { from: 'ok' })
    .alert({ title: '{service} is at {metric:round}' }),
);

rule('customers', () =>
  logs
    .by('service')
    .window({ every: '5m' })
    .distinct('label.customer.id')
    .emit({ name: 'customers.active' }),
);

rule('server-errors', () =>
  logs
    .where('label.http.response.status_code = "500"')
    .by('service')
    .window({ every: '1m' })
    .count()
    .level({ warning: 'metric > 25' })
    .changed('state', { from: 'ok' })
    .alert({ title: '{service} answered 500 {metric:round} times' }),
);

rule('tell', () =>
  failed
    .where('tagged "zone-1"')
    .by('service')
    .throttle(1, '30m')
    .notify('mail:ops@example.org', { title: '{service} failed in zone 1' }),
);
