import { Body, type Form, mediaTypes, paths } from './otlp-bodies.ts';
import { postHead, RawConnection } from './raw-http.ts';

/** What a sender process is told, as JSON in its first argument. */
export interface OtlpLoad {
  readonly port: number;
  readonly token: string;
  readonly form: Form;
  /** Data points in one request. */
  readonly points: number;
  readonly connections: number;
  readonly seconds: number;
}

/** What it saw: all that was sent was taken, or it fails. */
export interface OtlpSent {
  readonly points: number;
  readonly bytes: number;
  readonly seconds: number;
}

const load = JSON.parse(process.argv[2] ?? '') as OtlpLoad;
const { form, points, seconds } = load;
const started = performance.now();
const end = started + seconds * 1000;
let requests = 0;
let bytes = 0;

async function connection(): Promise<void> {
  const raw = await RawConnection.open(load.port);
  const body = new Body(form, points);
  const head = postHead(paths[form], mediaTypes[form], body.bytes.length, load.token);
  while (performance.now() < end) {
    const answer = await raw.send(head, body.stamp(Date.now(), ++requests));
    if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.body.slice(0, 300)}`);
    bytes += body.bytes.length;
  }
  raw.close();
}

await Promise.all(Array.from({ length: load.connections }, connection));
const sent: OtlpSent = {
  points: requests * points,
  bytes,
  seconds: (performance.now() - started) / 1000,
};
process.stdout.write(JSON.stringify(sent));
