import { Body, type Form } from './load/otlp-bodies.ts';
import { sendOtlp } from './load/send.ts';
import { adminToken, ask, start, territory, usage } from './load/server.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claim: OTLP data points by HTTP, decoded and durable before they are answered, in protobuf and in
 * JSON. Beside them by turns the same readings as plain events (`POST /api/v1/events`): what the log
 * and HTTP alone allow. And beside the decoding of JSON what no decoder of it can spare, `JSON.parse`.
 * Debian and npm have no OpenTelemetry Collector, Debian's VictoriaMetrics (1.79) knows no OTLP yet,
 * and OpenTelemetry's own packages for JavaScript have no decoder of requests.
 */
const seconds = Number(process.argv[2] ?? 10);
const rounds = Number(process.argv[3] ?? 3);
const points = Number(process.argv[4] ?? 1_000);
const connections = 4;
const forms: readonly Form[] = ['protobuf', 'json', 'events'];

const server = await start({
  ...territory,
  args: (port, dir) => [
    ...territory.args(port, dir),
    ...['--rules.enabled', 'false', '--hostProbe.enabled', 'false'],
  ],
});
const token = adminToken(server.dir);

const rates: Record<Form, number[]> = { protobuf: [], json: [], events: [] };
const cores: Record<Form, number[]> = { protobuf: [], json: [], events: [] };

interface Intake {
  readonly name: string;
  readonly accepted: number;
}

async function accepted(name: string): Promise<number> {
  const all = await ask<readonly Intake[]>(server, '/api/v1/intakes');
  return all.find((one) => one.name === name)?.accepted ?? 0;
}

async function run(form: Form): Promise<void> {
  const intake = form === 'events' ? 'http' : 'otlp';
  const before = await accepted(intake);
  const cpu = usage(server.pid).cpuSeconds;
  const sent = await sendOtlp({ port: server.port, token, form, points, connections, seconds });
  cores[form].push((usage(server.pid).cpuSeconds - cpu) / sent.seconds);
  const taken = (await accepted(intake)) - before;
  if (taken !== sent.points) throw new Error(`${form}: ${sent.points} sent, ${taken} taken`);
  rates[form].push(sent.points / sent.seconds);
}

for (let round = 0; round < rounds; round++) for (const form of forms) await run(form);
await server.stop();

const json = new Body('json', points).bytes;
const parsed = Array.from({ length: rounds }, () => {
  const from = performance.now();
  let times = 0;
  for (; performance.now() - from < 500; times++) JSON.parse(json.toString());
  return (times * points * 1000) / (performance.now() - from);
});

console.log(machine());
console.log(
  `${points} data points a request, ${connections} connections; all answered were on the log`,
);
for (const form of ['protobuf', 'json'] as const) {
  const peer = { name: 'the same as plain events', values: rates.events };
  console.log(ratio(`OTLP ${form}`, rates[form], peer, 'data points/s'));
}
for (const form of forms) console.log(`  ${form}: ${show(cores[form], 'cores of the server')}`);
console.log(ratio('OTLP json', rates.json, { name: 'JSON.parse alone', values: parsed }, '/s'));
