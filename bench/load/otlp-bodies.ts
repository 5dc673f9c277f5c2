/** The same readings three ways: as OTLP exports them, and as the events that they become. */
export type Form = 'protobuf' | 'json' | 'events';

export const mediaTypes: Readonly<Record<Form, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
  events: 'application/x-ndjson',
};

export const paths: Readonly<Record<Form, string>> = {
  protobuf: '/v1/metrics',
  json: '/v1/metrics',
  events: '/api/v1/events',
};

const metrics = 10;
const resource = {
  'service.name': 'shop',
  'service.version': '1.2.3',
  'service.instance.id': '627cc493-f310-47de-96bd-71410b7dec09',
  'deployment.environment.name': 'production',
  'host.name': 'web-1',
};

interface Point {
  readonly name: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

function pointsOf(count: number): Point[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `http.server.requests.${i % metrics}`,
    value: (i * 7919) % 1_000,
    attributes: {
      'http.route': `/orders/${i}`,
      'http.request.method': i % 3 === 0 ? 'POST' : 'GET',
      'http.response.status_code': String(200 + 100 * (i % 4)),
    },
  }));
}

/** A time in ns as it stands in a body until it is stamped. */
const placeholder = 1_111_111_111_111_111_111n;

/** A body that can be sent again and again: each time it is stamped with another time. */
export class Body {
  readonly bytes: Buffer;
  readonly #form: Form;
  readonly #times: readonly number[];

  constructor(form: Form, count: number) {
    const points = pointsOf(count);
    this.#form = form;
    this.bytes = { protobuf: asProtobuf, json: asJson, events: asEvents }[form](points);
    this.#times = placesOf(
      this.bytes,
      form === 'protobuf' ? fixed(placeholder) : digits(placeholder),
    );
  }

  /** `ms`: since the epoch; `tick` tells bodies of one ms apart. */
  stamp(ms: number, tick: number): Buffer {
    const nanos = BigInt(ms) * 1_000_000n + BigInt(tick % 1_000_000);
    const stamp = this.#form === 'protobuf' ? fixed(nanos) : digits(nanos);
    for (const at of this.#times) stamp.copy(this.bytes, at);
    if (this.#form === 'events') this.#stampMs(String(ms));
    return this.bytes;
  }

  /** Events have their time in ms, before the id's in the line. */
  #stampMs(ms: string): void {
    for (const at of this.#times) this.bytes.write(ms, at + 19 + '","time":'.length, 'latin1');
  }
}

function placesOf(bytes: Buffer, wanted: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length))
    places.push(at);
  return places;
}

const digits = (nanos: bigint): Buffer => Buffer.from(String(nanos), 'latin1');

function fixed(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function field(number: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const inner = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const size: number[] = [];
  let left = inner.length;
  for (; left >= 128; left = Math.floor(left / 128)) size.push((left % 128) + 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, ...size, left]), inner]);
}

const pairs = (number: number, values: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat(
    Object.entries(values).map(([key, value]) =>
      field(number, field(1, key), field(2, field(1, value))),
    ),
  );

const named = (points: readonly Point[]): Map<string, Point[]> => {
  const byName = new Map<string, Point[]>();
  for (const point of points) byName.set(point.name, [...(byName.get(point.name) ?? []), point]);
  return byName;
};

/** Sums as increments (temporality 1), as SDKs send them when they are told to prefer deltas. */
function asProtobuf(points: readonly Point[]): Buffer {
  const of = [...named(points)].map(([name, some]) => {
    const data = some.map(({ value, attributes }) =>
      field(
        1,
        ...[Buffer.from([0x19]), fixed(placeholder)],
        ...[Buffer.from([0x31]), fixed(BigInt(value))],
        pairs(7, attributes),
      ),
    );
    return field(2, field(1, name), field(7, ...data, Buffer.from([0x10, 1, 0x18, 1])));
  });
  return field(1, field(1, pairs(1, resource)), field(2, field(1, field(1, 'bench')), ...of));
}

function asJson(points: readonly Point[]): Buffer {
  const list = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const of = [...named(points)].map(([name, some]) => ({
    name,
    sum: {
      aggregationTemporality: 1,
      isMonotonic: true,
      dataPoints: some.map(({ value, attributes }) => ({
        timeUnixNano: String(placeholder),
        asInt: String(value),
        attributes: list(attributes),
      })),
    },
  }));
  const scopeMetrics = [{ scope: { name: 'bench' }, metrics: of }];
  const body = { resourceMetrics: [{ resource: { attributes: list(resource) }, scopeMetrics }] };
  return Buffer.from(JSON.stringify(body));
}

function asEvents(points: readonly Point[]): Buffer {
  const lines = points.map(({ name, value, attributes }, i) =>
    JSON.stringify({
      // The time is at the end of the id, where `stamp` finds it.
      id: `${i.toString(36)}.${placeholder}`,
      time: 1_111_111_111_111,
      type: 'metric',
      service: resource['service.name'],
      host: resource['host.name'],
      environment: resource['deployment.environment.name'],
      name,
      metric: value,
      attributes: {
        'metric.type': 'delta',
        ...attributes,
        'otel.scope.name': 'bench',
        'service.version': resource['service.version'],
        'service.instance.id': resource['service.instance.id'],
      },
    }),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}
