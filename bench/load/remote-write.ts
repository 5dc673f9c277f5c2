import { compress } from 'snappyjs';
import { RawConnection } from './raw-http.ts';

/** How much is sent: each connection has its own series, and sends their samples in order. */
export interface Load {
  readonly connections: number;
  /** Series, and so samples, of one request. */
  readonly series: number;
  /** Requests of one connection. */
  readonly steps: number;
  /** Time of the first samples, ms. */
  readonly start: number;
}

/** Time between two samples of a series, ms. */
export const stepMs = 15_000;

/** All requests of a load, packed, by connection. */
export function requestsOf(load: Load): readonly (readonly Buffer[])[] {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
  return numbers(load.connections).map((connection) => {
    const labels = numbers(load.series).map((i) => labelsOf(connection * load.series + i));
    return numbers(load.steps).map((step) => {
      const time = load.start + step * stepMs;
      const parts = labels.map((one, i) =>
        field(1, Buffer.concat([one, field(2, sampleOf(step * 1_000 + i, time))])),
      );
      return Buffer.from(compress(new Uint8Array(Buffer.concat(parts))));
    });
  });
}

/** Sends them all, one request after the other on each connection; samples in a second. */
export async function sendRequests(
  port: number,
  requests: readonly (readonly Buffer[])[],
  token?: string,
): Promise<number> {
  const open = await Promise.all(requests.map(() => RawConnection.open(port)));
  const from = performance.now();
  await Promise.all(
    open.map(async (connection, i) => {
      for (const body of requests[i] ?? []) {
        const { status, body: said } = await connection.send(headOf(body.length, token), body);
        if (status !== 204) throw new Error(`answered ${status}: ${said}`);
      }
    }),
  );
  const seconds = (performance.now() - from) / 1000;
  for (const connection of open) connection.close();
  return seconds;
}

/** The labels of a request's duration in one of many pods, as they are in a cluster. */
function labelsOf(number: number): Buffer {
  const labels = {
    __name__: 'http_server_requests_seconds_count',
    instance: `10.0.${Math.floor(number / 250) % 250}.${number % 250}:8080`,
    job: `shop-${number % 20}`,
    method: 'GET',
    namespace: 'production',
    pod: `shop-${number % 20}-7d9f8b6c5-${number.toString(36)}`,
    route: `/api/v1/orders/${number % 50}`,
    status: '200',
  };
  return Buffer.concat(
    Object.entries(labels).map(([name, value]) =>
      field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
    ),
  );
}

function sampleOf(value: number, time: number): Buffer {
  const double = Buffer.alloc(9);
  double[0] = (1 << 3) | 1;
  double.writeDoubleLE(value, 1);
  return Buffer.concat([double, Buffer.from([2 << 3]), varint(time)]);
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  bytes.push(left);
  return Buffer.from(bytes);
}

function headOf(length: number, token: string | undefined): Buffer {
  const lines = [
    'POST /api/v1/write HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/x-protobuf',
    'Content-Encoding: snappy',
    'X-Prometheus-Remote-Write-Version: 0.1.0',
    `Content-Length: ${length}`,
    ...(token ? [`Authorization: Bearer ${token}`] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
