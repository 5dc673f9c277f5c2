import type { CalledKind } from '../seen.ts';

/** What things are called tells what they are; the first that fits. */
const byName: readonly (readonly [RegExp, string])[] = [
  [
    /(^|[-_./])(haproxy|nginx|traefik|envoy|lb\d*|load-?balancer|ingress|varnish|elb|alb)($|[-_./\d])/i,
    'load-balancer',
  ],
  [/(^|[-_./])(redis|memcached?|valkey|cache)($|[-_./\d])/i, 'cache'],
  [
    /(^|[-_./])(kafka|rabbitmq|activemq|nats|sqs|pulsar|artemis|jms|queue|aws_sqs|gcp_pubsub|servicebus)($|[-_./\d])/i,
    'queue',
  ],
  [
    /(^|[-_./])(postgres(ql)?|mysql|mariadb|mongo(db)?|cassandra|clickhouse|oracle|mssql|sqlserver|elasticsearch|opensearch|cockroach(db)?|dynamodb|couchdb|influxdb|sqlite|db\d*|database)($|[-_./\d])/i,
    'database',
  ],
];

/** The kind of node that a service is drawn as. */
export function kindOfService(name: string, is?: CalledKind): string {
  const named = byName.find(([pattern]) => pattern.test(name))?.[1];
  if (is === 'queue') return 'queue';
  // A cache is a database to those who call it.
  if (is === 'database') return named === 'cache' ? 'cache' : 'database';
  if (is === 'address') return 'external';
  return named ?? 'app';
}

/** Whether a name is only an address of this network, by which nobody is known. */
export const isAddress = (name: string): boolean =>
  /^(\d{1,3}\.){3}\d{1,3}(:\d+)?$/.test(name) ||
  /^\[?[0-9a-f]*:[0-9a-f:.]+\]?$/i.test(name) ||
  /^localhost(:\d+)?$/i.test(name);

/** An id for map.yaml that nobody has yet, of what something is called. */
export function freeId(name: string, taken: (id: string) => boolean): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  const id = plain === '' ? 'node' : plain;
  if (!taken(id)) return id;
  for (let number = 2; ; number++) if (!taken(`${id}-${number}`)) return `${id}-${number}`;
}
