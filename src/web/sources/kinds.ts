/** What a snippet is filled in with. */
export interface Filling {
  /** Address of the server for HTTP, without a slash at the end. */
  readonly url: string;
  /** Host name that senders reach it by, and the port of the listener. */
  readonly host: string;
  readonly port: number;
  /** The secret of a token; a placeholder until there is one. */
  readonly token: string;
}

/** Some lines for one place. */
export interface Snippet {
  /** Where the lines go. */
  readonly into: string;
  readonly text: string;
}

/** Something that a team may have already. */
export interface Kind {
  /** In the address of its page. */
  readonly id: string;
  readonly name: string;
  /** What comes of it, in a few words. */
  readonly brings: string;
  /** The way in that it uses, by its name in `GET /api/v1/intakes`. */
  readonly intake: string;
  /** How it says who it is. */
  readonly needs: 'token' | 'network' | 'configuration';
  readonly group: 'Metrics' | 'Logs' | 'Checks' | 'Facts';
  readonly snippets: (filling: Filling) => readonly Snippet[];
}

const own = 'territory.yaml, then start Territory again';

/** Everything that the pages can write the lines for, but webhooks. */
export const kinds: readonly Kind[] = [
  {
    id: 'opentelemetry',
    name: 'OpenTelemetry',
    brings: 'metrics, logs and traces of applications',
    intake: 'otlp',
    needs: 'token',
    group: 'Metrics',
    snippets: ({ url, token }) => [
      {
        into: 'the environment of the application',
        text: `OTEL_EXPORTER_OTLP_ENDPOINT=${url}
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20${token}
OTEL_SERVICE_NAME=shop
OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=production`,
      },
      {
        into: 'the configuration of an OpenTelemetry Collector',
        text: `exporters:
  otlphttp/territory:
    endpoint: ${url}
    headers:
      authorization: Bearer ${token}`,
      },
    ],
  },
  {
    id: 'prometheus',
    name: 'Prometheus',
    brings: 'every series that it scrapes, by remote write',
    intake: 'prometheus-remote-write',
    needs: 'token',
    group: 'Metrics',
    snippets: ({ url, token }) => [
      {
        into: 'prometheus.yml',
        text: `remote_write:
  - url: ${url}/api/v1/write
    authorization:
      credentials: ${token}`,
      },
    ],
  },
  {
    id: 'scrape',
    name: 'An endpoint with Prometheus metrics',
    brings: 'its series, fetched by Territory',
    intake: 'scrape',
    needs: 'configuration',
    group: 'Metrics',
    snippets: () => [
      {
        into: own,
        text: `intakes:
  scrape:
    targets:
      - url: http://web-1:9100/metrics
        service: node
        interval: 15s`,
      },
    ],
  },
  {
    id: 'statsd',
    name: 'StatsD, DogStatsD',
    brings: 'counters, gauges, timers, sets, events, service checks',
    intake: 'statsd',
    needs: 'network',
    group: 'Metrics',
    snippets: ({ host, port }) => [
      {
        into: 'the environment of an application with a Datadog client',
        text: `DD_AGENT_HOST=${host}
DD_DOGSTATSD_PORT=${port}`,
      },
      {
        into: 'a program with hot-shots',
        text: `new StatsD({ host: '${host}', port: ${port}, globalTags: { service: 'shop', env: 'production' } })`,
      },
      {
        into: 'a shell, to try it',
        text: `printf 'shop.orders:1|c|#service:shop' > /dev/udp/${host}/${port}`,
      },
    ],
  },
  {
    id: 'collectd',
    name: 'collectd',
    brings: 'processors, memory, disks, networks of machines',
    intake: 'collectd',
    needs: 'network',
    group: 'Metrics',
    snippets: ({ host, port }) => [
      {
        into: '/etc/collectd/collectd.conf',
        text: `LoadPlugin network
<Plugin network>
  Server "${host}" "${port}"
</Plugin>`,
      },
    ],
  },
  {
    id: 'graphite',
    name: 'Graphite',
    brings: 'lines of name, value and time',
    intake: 'graphite',
    needs: 'network',
    group: 'Metrics',
    snippets: ({ host, port }) => [
      {
        into: 'carbon-relay’s relay-rules.conf, or any sender of Graphite lines',
        text: `[default]
default = true
destinations = ${host}:${port}`,
      },
      {
        into: 'a shell, to try it',
        text: `printf 'shop.orders 1 %d\\n' "$(date +%s)" > /dev/tcp/${host}/${port}`,
      },
    ],
  },
  {
    id: 'riemann',
    name: 'Riemann',
    brings: 'events of Riemann’s clients, each acknowledged',
    intake: 'riemann',
    needs: 'network',
    group: 'Metrics',
    snippets: ({ host, port }) => [
      {
        into: 'a shell, to try it',
        text: `riemann-client send -T -S "shop orders" -i 1 -s ok ${host} ${port}`,
      },
    ],
  },
  {
    id: 'syslog',
    name: 'syslog',
    brings: 'logs of machines and devices',
    intake: 'syslog',
    needs: 'network',
    group: 'Logs',
    snippets: ({ host, port }) => [
      {
        into: '/etc/rsyslog.d/territory.conf',
        text: `*.* action(type="omfwd" target="${host}" port="${port}" protocol="tcp"
           TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"
           queue.type="LinkedList" action.resumeRetryCount="-1")`,
      },
      {
        into: 'a shell, to try it',
        text: `logger --server ${host} --port ${port} --tcp --rfc5424 "hello"`,
      },
    ],
  },
  {
    id: 'gelf',
    name: 'GELF, Docker',
    brings: 'logs of containers and of Graylog’s clients',
    intake: 'gelf',
    needs: 'network',
    group: 'Logs',
    snippets: ({ host, port }) => [
      {
        into: 'the command that starts a container',
        text: `docker run --log-driver gelf --log-opt gelf-address=udp://${host}:${port} shop`,
      },
    ],
  },
  {
    id: 'log-shipping',
    name: 'Fluent Bit, Vector',
    brings: 'log lines that are collected already',
    intake: 'logs',
    needs: 'token',
    group: 'Logs',
    snippets: ({ url, token }) => [
      { into: 'fluent-bit.conf', text: fluentBit(new URL(url), token) },
      {
        into: 'vector.yaml',
        text: `sinks:
  territory:
    type: http
    inputs: ["*"]
    uri: ${url}/api/v1/logs
    encoding: { codec: json }
    framing: { method: newline_delimited }
    compression: gzip
    auth: { strategy: bearer, token: ${token} }`,
      },
    ],
  },
  {
    id: 'files',
    name: 'A log file on this machine',
    brings: 'its lines, also when it is rotated',
    intake: 'files',
    needs: 'configuration',
    group: 'Logs',
    snippets: () => [
      {
        into: own,
        text: `intakes:
  files:
    tail:
      - path: /var/log/nginx/access.log
        service: web`,
      },
    ],
  },
  {
    id: 'nsca',
    name: 'Nagios, by NSCA',
    brings: 'results of checks with their performance data',
    intake: 'nagios',
    needs: 'network',
    group: 'Checks',
    snippets: ({ host, port }) => [
      {
        into: 'a shell, with encryption_method=1 or 0 in send_nsca.cfg',
        text: `printf 'web-1\\tdisk /\\t1\\tDISK WARNING|/=81%%;80;90\\n' |
  send_nsca -H ${host} -p ${port} -c /etc/send_nsca.cfg`,
      },
    ],
  },
  {
    id: 'nrdp',
    name: 'Nagios, by NRDP',
    brings: 'results of checks, over HTTP with a token',
    intake: 'nrdp',
    needs: 'token',
    group: 'Checks',
    snippets: ({ url, token }) => [
      {
        into: 'a shell, with the client that NRDP brings along',
        text: `send_nrdp.sh -u ${url}/nrdp/ -t ${token} -H web-1 -s "disk /" -S 1 -o "DISK WARNING|/=81%;80;90"`,
      },
    ],
  },
  {
    id: 'command-file',
    name: 'Nagios, by its command file',
    brings: 'results of checks on this machine',
    intake: 'nagios-command-file',
    needs: 'configuration',
    group: 'Checks',
    snippets: () => [
      {
        into: own,
        text: `intakes:
  nagios:
    commandFile: /run/territory/nagios.cmd`,
      },
    ],
  },
  {
    id: 'http',
    name: 'Anything that can speak HTTP',
    brings: 'events as JSON, CloudEvents, CDEvents',
    intake: 'http',
    needs: 'token',
    group: 'Facts',
    snippets: ({ url, token }) => [
      {
        into: 'a shell',
        text: `curl ${url}/api/v1/events \\
  -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' \\
  -d '{"type":"metric","name":"orders","metric":1,"service":"shop"}'`,
      },
    ],
  },
  {
    id: 'git-hook',
    name: 'A git server of your own',
    brings: 'commits, tags and branches, as they are pushed',
    intake: 'git-hook',
    needs: 'token',
    group: 'Facts',
    snippets: ({ url, token }) => [
      {
        into: 'a shell in the bare repository',
        text: `printf '%s\\n' '${token}' > territory.token && chmod 600 territory.token
territory hook post-receive --url ${url} --token-file "$PWD/territory.token" > hooks/post-receive
chmod +x hooks/post-receive`,
      },
    ],
  },
  {
    id: 'git-remote',
    name: 'A git repository anywhere',
    brings: 'commits, tags and branches, fetched by Territory',
    intake: 'git',
    needs: 'configuration',
    group: 'Facts',
    snippets: () => [
      {
        into: own,
        text: `intakes:
  git:
    remotes:
      - url: https://git.example.org/acme/shop.git
        interval: 1m`,
      },
    ],
  },
];

function fluentBit({ protocol, hostname, port }: URL, token: string): string {
  const tls = protocol === 'https:';
  return `[OUTPUT]
    name   http
    match  *
    host   ${hostname}
    port   ${port || (tls ? 443 : 80)}
    tls    ${tls ? 'on' : 'off'}
    uri    /api/v1/logs
    format json_lines
    header Authorization Bearer ${token}`;
}
