import { Bodies } from './events.ts';
import { postHead, RawConnection } from './raw-http.ts';

/** What a sender process is told, as JSON in its first argument. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly type: string;
  readonly token?: string;
  /** Events in one request. */
  readonly batch: number;
  readonly connections: number;
  readonly seconds: number;
  /** Requests due in a second; undefined: as fast as the connections allow (a closed loop). */
  readonly requestsPerSecond?: number;
  readonly ids: boolean;
}

/** Latencies in ms, from when a request was due: a late sender hides nothing. */
export interface LatencySpread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What it saw. */
export interface Sent {
  readonly requests: number;
  readonly events: number;
  readonly failed: number;
  readonly firstFailure?: string;
  readonly seconds: number;
  readonly latency: LatencySpread;
  /** The same for each minute by itself: what only comes with time. */
  readonly minutes: readonly LatencySpread[];
}

async function run(load: Load): Promise<Sent> {
  const bodies = new Bodies({
    count: Math.max(load.connections + 1, Math.ceil(100_000 / load.batch)),
    batch: load.batch,
    ids: load.ids,
  });
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => RawConnection.open(load.port)),
  );
  const latencies: number[] = [];
  const minutes: number[][] = [];
  let failed = 0;
  let firstFailure: string | undefined;
  let requests = 0;
  const start = performance.now();
  const end = start + load.seconds * 1000;

  const gap = load.requestsPerSecond ? 1000 / load.requestsPerSecond : 0;
  let due = start;
  /** The next due time; a closed loop is always due now. */
  const takeTurn = (): number => {
    if (!gap) return performance.now();
    due += gap;
    return due - gap;
  };

  const work = async (connection: RawConnection) => {
    for (;;) {
      const at = takeTurn();
      if (at >= end || performance.now() >= end + 5000) return;
      const wait = at - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const body = bodies.next(Date.now());
      const answer = await connection.send(
        postHead(load.path, load.type, body.length, load.token),
        body,
      );
      const latency = performance.now() - at;
      latencies.push(latency);
      (minutes[Math.floor((at - start) / 60_000)] ??= []).push(latency);
      requests++;
      if (answer.status >= 300) {
        failed++;
        firstFailure ??= `${answer.status} ${answer.body.slice(0, 200)}`;
      }
    }
  };
  await Promise.all(connections.map(work));
  const seconds = (performance.now() - start) / 1000;
  for (const connection of connections) connection.close();

  return {
    requests,
    events: (requests - failed) * load.batch,
    failed,
    ...(firstFailure !== undefined && { firstFailure }),
    seconds,
    latency: spreadOf(latencies),
    minutes: minutes.map(spreadOf),
  };
}

function spreadOf(latencies: readonly number[]): LatencySpread {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

const sent = await run(JSON.parse(process.argv[2] ?? '{}') as Load);
process.stdout.write(`${JSON.stringify(sent)}\n`);
