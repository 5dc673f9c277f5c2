import { Type } from 'typebox';
import './formats.ts';
import { count, duration, group, onOff, path, size, text } from './leaf.ts';

const any = 65_535;

function port(conventional: number) {
  return Type.Optional(
    Type.Integer({
      unit: 'number',
      description: `Port. Left out: ${conventional} while \`port\` is 7070, else any free one.`,
      minimum: 0,
      maximum: any,
    }),
  );
}

/** What every protocol with sockets of its own can be told. */
function listener(title: string, conventional: number) {
  return {
    enabled: onOff(true, `Take ${title}.`),
    host: Type.Optional(text('Address to listen on. Left out: `intakes.host`.')),
    port: port(conventional),
  };
}

const unixSocket = Type.Optional(path('Also listen on this unix socket (a stream).'));

/** Texts by name. */
const texts = Type.Record(Type.String({ minLength: 1 }), Type.String());

/** The intakes beside `POST /api/v1/events`. */
export const Intakes = Type.Object(
  {
    enabled: onOff(true, 'Listen for the protocols that have ports of their own.'),
    host: Type.String({
      unit: 'text',
      default: '127.0.0.1',
      description:
        'Address that they listen on. Most of these protocols know no passwords: open them to networks that you trust, and name those in `intakes.allow`.',
    }),
    allow: Type.Array(Type.String({ format: 'network' }), {
      unit: 'structure',
      default: [],
      description:
        'Networks (CIDR) or addresses that may send to them; others are turned away and counted. Empty: whoever can reach the port.',
      example: `- 10.0.0.0/8\n- 192.168.1.20`,
    }),
    maxConnections: count(1_000, 'Connections of one protocol at once.', [1, 100_000]),
    maxPerAddress: count(100, 'Connections of one protocol from one address.', [1, 100_000]),
    idle: duration('10m', 'A connection that says nothing for this long is closed.', 1_000),
    maxPending: size(
      '64MiB',
      'Bytes of events that may wait for the log; then connections are paused and datagrams dropped.',
      1_000_000,
    ),
    maxSenders: count(
      2_000,
      'Senders remembered for the page of sources; the longest silent gives way.',
      [10, 100_000],
    ),
    clientCa: Type.Optional(
      path('PEM file: over TLS only senders with a certificate of this authority are taken.'),
    ),
    statsd: Type.Object(
      {
        ...listener('StatsD and DogStatsD', 8125),
        socket: unixSocket,
        flushInterval: duration('5s', 'Readings are made of what came in this time.', 100),
        maxKeys: count(100_000, 'Different names with tags in one interval.', [100, 10_000_000]),
        signedGauges: Type.Enum(['auto', 'relative', 'absolute'], {
          unit: 'choice',
          default: 'auto',
          description:
            'What a sign says of a gauge: that it grows or shrinks by so much (StatsD), or nothing (DogStatsD). `auto`: a minus in a message with tags or another field of DogStatsD is part of the number; else a sign is relative.',
        }),
      },
      group,
    ),
    graphite: Type.Object(
      { ...listener('Graphite lines', 2003), picklePort: port(2004), socket: unixSocket },
      group,
    ),
    collectd: Type.Object(
      {
        ...listener('collectd’s binary protocol', 25826),
        multicast: Type.Optional(text('Group to join, such as 239.192.74.66.')),
        securityLevel: Type.Enum(['none', 'sign', 'encrypt'], {
          unit: 'choice',
          default: 'none',
          description: 'The least that is asked of a sender, as collectd’s own SecurityLevel.',
        }),
        authFile: Type.Optional(path('Users and passwords, `user: password` a line.')),
        typesDb: Type.Array(Type.String({ minLength: 1 }), {
          unit: 'structure',
          default: [],
          description: 'More types.db files, for types that collectd does not bring along.',
          example: `- /etc/collectd/my_types.db`,
        }),
        maxSeries: count(200_000, 'Counters whose last value is remembered.', [100, 10_000_000]),
      },
      group,
    ),
    riemann: Type.Object(
      {
        ...listener('Riemann’s protocol', 5555),
        tlsPort: port(5554),
        maxMessage: size('16MiB', 'One message.', 1_000),
      },
      group,
    ),
    syslog: Type.Object(
      {
        ...listener('syslog', 5140),
        tlsPort: port(6514),
        zone: Type.Optional(
          text('Time zone of RFC 3164 messages, which do not say it, such as Europe/Berlin.'),
        ),
        maxMessage: size('64KiB', 'One message.', 480),
      },
      group,
    ),
    gelf: Type.Object(
      {
        ...listener('GELF', 12201),
        maxMessage: size('1MiB', 'One message, unpacked.', 1_000),
        maxChunked: count(1_000, 'Messages in chunks that are not complete.', [1, 100_000]),
      },
      group,
    ),
    nagios: Type.Object(
      {
        ...listener('NSCA', 5667),
        passwordFile: Type.Optional(path('Password of NSCA; method 1 (XOR) uses it.')),
        maxPacketAge: duration(
          '30s',
          'NSCA packets older than this are refused, as nsca’s max_packet_age; 0s: any age.',
          0,
        ),
        commandFile: Type.Optional(
          path('A named pipe that is made here, for external commands as Nagios takes them.'),
        ),
      },
      group,
    ),
    scrape: Type.Object(
      {
        targets: Type.Array(
          Type.Object(
            {
              url: Type.String({ minLength: 1 }),
              service: Type.Optional(Type.String()),
              host: Type.Optional(Type.String()),
              environment: Type.Optional(Type.String()),
              interval: Type.Optional(Type.String({ format: 'duration' })),
              timeout: Type.Optional(Type.String({ format: 'duration' })),
              tokenFile: Type.Optional(Type.String()),
              headerFiles: Type.Optional(texts),
              caFile: Type.Optional(Type.String()),
              labels: Type.Optional(texts),
              honorLabels: Type.Optional(Type.Boolean()),
            },
            group,
          ),
          {
            unit: 'structure',
            default: [],
            description:
              'Prometheus endpoints to scrape. `interval` is 15s and `timeout` 10s where they are left out; the token and the values of `headerFiles` are read from their files each time; `labels` are given to all series.',
            example: `- url: http://127.0.0.1:9100/metrics\n  service: node\n  host: web-1\n  interval: 15s\n- url: https://shop.example.org/metrics\n  service: shop\n  environment: production\n  tokenFile: /etc/territory/shop.token\n  labels: {region: eu}`,
          },
        ),
        maxBody: size('16MiB', 'One answer of an endpoint.', 1_000),
        maxSeries: count(50_000, 'Series of one endpoint.', [1, 10_000_000]),
      },
      group,
    ),
    files: Type.Object(
      {
        tail: Type.Array(
          Type.Object(
            {
              path: Type.String({ minLength: 1 }),
              service: Type.Optional(Type.String()),
              environment: Type.Optional(Type.String()),
              format: Type.Optional(Type.Enum(['text', 'json'])),
              from: Type.Optional(Type.Enum(['start', 'end'])),
            },
            group,
          ),
          {
            unit: 'structure',
            default: [],
            description: 'Log files to follow, also when they are rotated.',
            example: `- path: /var/log/nginx/access.log\n  service: web\n- path: /srv/shop/log/*.json\n  format: json`,
          },
        ),
        interval: duration(
          '1s',
          'Looked at at least this often; also at once where the system tells of writes.',
          50,
        ),
        maxLine: size('256KiB', 'One line; what is longer is cut.', 100),
      },
      group,
    ),
    git: Type.Object(
      {
        remotes: Type.Array(
          Type.Object(
            {
              url: Type.String({ minLength: 1 }),
              interval: Type.Optional(Type.String({ format: 'duration' })),
              since: Type.Optional(Type.String()),
            },
            group,
          ),
          {
            unit: 'structure',
            default: [],
            description: 'Git repositories to look at for commits, tags and branches.',
            example: `- url: https://git.example.org/acme/shop.git\n  interval: 1m`,
          },
        ),
      },
      group,
    ),
  },
  group,
);
