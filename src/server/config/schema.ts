import { type Static, Type } from 'typebox';
import { Alerts, Notify, Scale } from './alerting.ts';
import { ChecksSettings } from './checks-settings.ts';
import { Intakes } from './intakes.ts';
import { Rules } from './rules-settings.ts';
import { type Leaf, count, duration, group, onOff, path, size } from './leaf.ts';

const million = 1_000_000;

/**
 * Every setting there is: its name, unit, default, bounds and meaning. The file's checks, the
 * flags, the environment variables and docs/reference/configuration.md are all made from it.
 * Durations are ms and sizes bytes once loaded.
 */
export const Settings = Type.Object(
  {
    data: Type.String({
      unit: 'path',
      default: './territory-data',
      description: 'Directory of the log, the history and the accounts. One server at a time.',
    }),
    port: count(7070, 'TCP port of the API and the console. 0: any free one.', [0, 65_535]),
    host: Type.String({
      unit: 'text',
      default: '127.0.0.1',
      description: 'Address to listen on. Anything but loopback needs TLS (or `insecure`).',
    }),
    publicUrl: Type.Optional(
      Type.String({
        unit: 'text',
        description:
          'Address that people use, for links and for the Origin check, when a proxy stands in front.',
      }),
    ),
    insecure: onOff(
      false,
      'Allow plain HTTP on an address that is not loopback. Only behind a proxy that ends TLS: passwords and tokens cross this connection.',
    ),
    tls: Type.Object(
      {
        cert: Type.Optional(path('PEM file of the certificate and its chain.')),
        key: Type.Optional(path('PEM file of the private key. Its content is never printed.')),
      },
      group,
    ),
    logLevel: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      unit: 'choice',
      default: 'info',
      description: 'How much the server says about itself on standard error, as JSON lines.',
    }),
    log: Type.Object(
      {
        compression: onOff(true, 'Compress batches in the log (LZ4, off the main thread).'),
        retention: Type.Object(
          {
            age: duration('7d', 'Readings older than this leave the log. 0: kept for ever.'),
            bytes: size(
              '20GB',
              'The oldest readings leave the log when they take more than this, before compression. 0: no limit.',
            ),
          },
          group,
        ),
        identityWindow: count(
          million,
          'How many identities (source, id) of readings are remembered to recognise duplicates.',
          [1_000, 100 * million],
        ),
        identityWindowFacts: count(
          10 * million,
          'How many identities of facts are remembered to recognise duplicates.',
          [1_000, 100 * million],
        ),
        maxPending: size(
          '256MiB',
          'Bytes that may wait to become durable; an append beyond them is refused as busy.',
          1_000_000,
        ),
        reserve: size(
          '256MiB',
          'Free room on the disk below which appends are refused, so that trimming stays possible.',
        ),
        minFree: size(
          '1GiB',
          'Free room on the disk below which the oldest readings leave the log early, even when history has not taken them.',
        ),
      },
      group,
    ),
    history: Type.Object(
      {
        enabled: onOff(true, 'Keep history, to ask it over time. Without it only the tail works.'),
        retention: duration('90d', 'Readings older than this leave history. 0: kept for ever.'),
        maxBytes: size(
          '50GB',
          'The oldest readings leave history when it holds more than this. 0: no limit.',
        ),
        maxMemory: size(
          '450MiB',
          'What the engine may allocate for queries and merges together.',
          100_000_000,
        ),
        query: Type.Object(
          {
            timeout: duration('30s', 'One query may take this long.', 100),
            memory: size('300MB', 'One query may take this much memory.', 10_000_000),
            atOnce: count(3, 'How many queries run at once.', [1, 64]),
            waiting: count(32, 'How many queries may wait; one more is answered 503.', [0, 1_000]),
          },
          group,
        ),
      },
      group,
    ),
    intake: Type.Object(
      {
        maxBody: size('32MiB', 'One request body, as sent and once unpacked.', 1_000),
        maxEvent: size('1MiB', 'One encoded event.', 1_000),
        maxEvents: count(100_000, 'Events in one request.', [1, million]),
        maxInFlight: size(
          '128MiB',
          'Bodies being read or waiting to be durable, together; more answer 503.',
          1_000_000,
        ),
        bodyTimeout: duration('30s', 'A body must have arrived within this time.', 100),
        factsSince: Type.String({
          unit: 'text',
          default: '1980-01-01',
          description: 'The oldest day that a fact may carry, UTC.',
          pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
        }),
        readingsAge: duration('400d', 'How old a reading may be when it arrives.', 1_000),
        future: duration('24h', 'How far ahead of our clock an event may be.', 0),
      },
      group,
    ),
    intakes: Intakes,
    catalogue: Type.Object(
      {
        maxValues: count(20_000, 'Values remembered of each kind, for pickers.', [100, million]),
        maxLatest: count(
          100_000,
          'Latest events remembered, one for each (service, host, environment, name).',
          [100, million],
        ),
      },
      group,
    ),
    tail: Type.Object(
      {
        maxClients: count(200, 'Open tails; one more is answered 503.', [1, 10_000]),
        clientBuffer: size('1MiB', 'What may wait to be sent to one client.', 10_000),
        stalledAfter: duration('30s', 'A client that reads nothing for this long is cut.', 100),
        heartbeat: duration('15s', 'A comment is sent after this much silence.', 100),
      },
      group,
    ),
    sessions: Type.Object(
      {
        idle: duration('12h', 'A session ends when it is not used for this long.', 1_000),
        lifetime: duration('7d', 'A session ends after this long, used or not.', 1_000),
        max: count(10_000, 'Sessions at once; the least recently used one gives way.', [
          1,
          million,
        ]),
        linkLifetime: duration('30m', 'How long a one-time sign-in link is good.', 1_000),
      },
      group,
    ),
    signIn: Type.Object(
      {
        attempts: count(10, 'Failed sign-ins of one name or address in the window.', [1, 10_000]),
        window: duration('15m', 'Window of `signIn.attempts`.', 1_000),
      },
      group,
    ),
    map: Type.Object(
      {
        file: Type.Optional(
          path(
            'File in which the map is declared, watched for changes; it may import files beside it. Default: `map/map.yaml` below `data`.',
          ),
        ),
      },
      group,
    ),
    releases: Type.Object(
      {
        store: Type.Optional(path('Folder of the artefacts. Default: `artefacts` below `data`.')),
      },
      group,
    ),
    deploys: Type.Object(
      {
        lostAfter: duration(
          '2m',
          'A deploy whose runner says nothing for this long is lost: its lane is free again, and the runner is heard no more.',
          1_000,
        ),
        timeout: duration('30m', 'A deploy may take this long in all.', 1_000),
        silence: duration(
          '3m',
          'A deploy is stopped when its log says nothing for this long.',
          1_000,
        ),
        keepLogs: count(
          500,
          'Logs of deploys that are kept, the newest; each has 16 MiB at most.',
          [1, 100_000],
        ),
      },
      group,
    ),
    rules: Rules,
    checks: ChecksSettings,
    demo: Type.Object(
      {
        enabled: onOff(
          false,
          'Show what `territory demo` does: its story, its chaos, its tour. The demo sets it for its own server.',
        ),
        replay: onOff(
          false,
          'Take the events of a recording, also those of sources that are Territory’s own. `territory demo --replay` sets it for its own server.',
        ),
      },
      group,
    ),
    alerts: Alerts,
    notify: Notify,
    scale: Scale,
    hostProbe: Type.Object(
      {
        enabled: onOff(true, "Send this machine's own readings."),
        interval: duration('10s', 'How often.', 1_000),
      },
      group,
    ),
    introspection: Type.Object(
      { interval: duration('10s', "How often Territory's own readings are sent.", 1_000) },
      group,
    ),
    metrics: Type.Object({ public: onOff(false, 'Serve /metrics without a token.') }, group),
    requestTimeout: duration('60s', 'A request must have arrived whole within this time.', 1_000),
    shutdownTimeout: duration('30s', 'How long a stop waits for what is under way.', 1_000),
  },
  group,
);

/** The settings once loaded: durations in ms, sizes in bytes. */
export type Config = Static<typeof Settings>;

/** One setting, found by walking `Settings`. */
export interface Setting extends Leaf {
  /** As in the file, with dots: `log.retention.age`. */
  readonly name: string;
  /** `--log.retention.age` */
  readonly flag: string;
  /** `TERRITORY_LOG_RETENTION_AGE` */
  readonly variable: string;
  readonly optional: boolean;
}

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
}

/** Every setting in the order of the schema. */
export const settings: readonly Setting[] = leaves(Settings as Node, '');

function leaves(node: Node, prefix: string): Setting[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const name = `${prefix}${key}`;
    if (child.properties !== undefined) return leaves(child, `${name}.`);
    const leaf = child as unknown as Leaf; // made by the functions above
    return [
      {
        ...leaf,
        name,
        flag: `--${name}`,
        variable: variableOf(name),
        optional: leaf.default === undefined,
      },
    ];
  });
}

/** `log.identityWindow` is `TERRITORY_LOG_IDENTITY_WINDOW`. */
export function variableOf(name: string): string {
  const words = name.replaceAll('.', '_').replace(/[A-Z]/g, (letter) => `_${letter}`);
  return `TERRITORY_${words.toUpperCase()}`;
}
