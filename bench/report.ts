import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** Middle value and the range of repeated runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (i: number) => sorted[i] ?? Number.NaN;
  const half = sorted.length / 2;
  return {
    median: sorted.length % 2 ? at(Math.floor(half)) : (at(half - 1) + at(half)) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}

const short = (n: number): string =>
  n >= 10_000 ? Math.round(n).toLocaleString('en') : n >= 100 ? n.toFixed(0) : n.toFixed(2);

/** `median (min–max) unit`. */
export const show = (values: readonly number[], unit: string): string => {
  const s = spread(values);
  return `${short(s.median)} ${unit} (${short(s.min)}–${short(s.max)}, n=${values.length})`;
};

/** One line: a figure of ours and how it compares with a peer's of the same run. */
export function ratio(
  what: string,
  ours: readonly number[],
  peer: { readonly name: string; readonly values: readonly number[] },
  unit: string,
): string {
  const times = spread(ours).median / spread(peer.values).median;
  return `${what}: ${show(ours, unit)} = ${times.toFixed(2)} × ${peer.name}: ${show(peer.values, unit)}`;
}

const output = (command: string, ...args: string[]): string => {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).trim().split('\n')[0] ?? '';
  } catch {
    return 'not installed';
  }
};

/** The machine and the versions, which belong to every figure. */
export function machine(): string {
  return [
    `machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `node ${process.versions.node}, commit ${output('git', 'rev-parse', '--short', 'HEAD')}`,
    `peers: ${output('nats-server', '--version')}; ${output('redis-server', '--version').slice(0, 28)}; influxd ${output('influxd', 'version')}; duckdb by @duckdb/node-api`,
    `at ${new Date().toISOString()}`,
  ].join('\n');
}
