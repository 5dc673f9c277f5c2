import { type BundleFile, type Declared, madeBy } from './declared.ts';

/**
 * Alerts that an application has before anybody thought of it. Limits of the shares and of memory
 * are those of GOV.UK's `govuk::app`: 5 % and 10 % of 5xx, 2 and 3 GB.
 */
export function rulesOf(declared: Declared): BundleFile {
  const { app, owner } = declared.manifest;
  const team = owner === undefined ? '' : `, team: ${literal(owner)}`;
  const text = `// ${madeBy(declared)}
${reach(app)}
${byRequests(app, team)}
${byProcess(app, team)}`;
  return { path: `rules/${app}.ts`, text, what: 'alerts, to be put into the folder of rules' };
}

const reach = (app: string): string => `import { events, ratio, rule } from 'territory/rules';

const own = ${literal(`service = "${app}"`)};
const where = (condition: string) =>
  events.where(\`\${own} and (\${condition})\`).by('service', 'environment');
`;

const byRequests = (
  app: string,
  team: string,
): string => `// Readings "http.requests" with the label "code", or OpenTelemetry's of HTTP servers.
rule(${literal(`${app}-errors`)}, () => {
  const requests = where('name = "http.requests" or name = "http.server.request.duration.count"');
  const failed = requests.where('label.code =~ "5%" or label.http.response.status_code =~ "5%"');
  return ratio(failed.rate('30s'), requests.rate('30s'))
    .level({ critical: 'metric > 0.1', warning: 'metric > 0.05', clear: 'metric < 0.02' })
    .stable('2m')
    .changed('state', { from: 'ok' })
    .suspects({ before: '30m' })
    .alert({ title: '{service} fails {metric:percent} of its requests'${team} });
});

// Readings "http.latency" in ms, one for each request.
rule(${literal(`${app}-latency`)}, () =>
  where('name = "http.latency"')
    .window({ every: '10s', size: '1m' })
    .quantiles(0.95)
    .level({ critical: 'metric > 2000', warning: 'metric > 500', clear: 'metric < 400' })
    .stable('2m')
    .changed('state', { from: 'ok' })
    .suspects()
    .alert({ title: '95 % of requests to {service} take up to {metric:round} ms'${team} }),
);

// The same by OpenTelemetry, in s.
rule(${literal(`${app}-latency-otel`)}, () =>
  where('name = "http.server.request.duration.p95"')
    .window({ every: '30s', size: '1m' })
    .max()
    .level({ critical: 'metric > 2', warning: 'metric > 0.5', clear: 'metric < 0.4' })
    .stable('2m')
    .changed('state', { from: 'ok' })
    .suspects()
    .alert({ title: '95 % of requests to {service} take up to {metric} s'${team} }),
);
`;

const byProcess = (
  app: string,
  team: string,
): string => `// Whoever sent heartbeats and falls silent; who never sent one is not missed.
rule(${literal(`${app}-heartbeat`)}, () =>
  events
    .where(\`\${own} and (type = "heartbeat" or tagged "heartbeat")\`)
    .by('service', 'environment', 'host')
    .absent('90s')
    .alert({ title: '{service} on {host} went silent'${team} }),
);

// Bytes of its processes, as OpenTelemetry and Prometheus' clients send them.
rule(${literal(`${app}-memory`)}, () =>
  events
    .where(\`\${own} and (name = "process.memory.usage" or name = "process_resident_memory_bytes")\`)
    .by('service', 'environment', 'host')
    .level({ critical: 'metric > 3e9', warning: 'metric > 2e9', clear: 'metric < 1.8e9' })
    .stable('5m')
    .alert({ title: '{service} on {host} has {metric:round} bytes of memory'${team} }),
);
`;

/** As a text of TypeScript in single quotes. */
const literal = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
