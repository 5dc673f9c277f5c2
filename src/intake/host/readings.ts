import {
  type Counters,
  parseDiskstats,
  parseLoad,
  parseMeminfo,
  parseNetDev,
  parseStat,
  parseUptime,
} from './proc.ts';
import type { Sample } from './sample.ts';

/** One number about this machine, by its OpenTelemetry name. */
export interface Reading {
  readonly name: string;
  readonly metric: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A machine with thousands of container interfaces shall not send thousands of readings. */
const maxDevices = 32;

/**
 * The readings of a sample; increments are since `before`, and without one there are none.
 * Names, units and attributes: `docs/protocols/host-probe.md`.
 */
export function readingsOf(now: Sample, before: Sample | undefined): Reading[] {
  return [
    ...cpu(now, before),
    ...load(now),
    ...memory(now),
    ...filesystems(now),
    ...disks(now, before),
    ...network(now, before),
    ...processes(now, before),
  ];
}

/** What a counter grew by; undefined when it began anew or was not there before. */
function grown(now: Counters, before: Counters | undefined, name: string): number | undefined {
  const by = (now[name] ?? Number.NaN) - (before?.[name] ?? Number.NaN);
  return by >= 0 ? by : undefined;
}

function* cpu(now: Sample, before: Sample | undefined): Generator<Reading> {
  const modes = parseStat(now.stat ?? '').cpu;
  const earlier = parseStat(before?.stat ?? '').cpu;
  if (modes === undefined || earlier === undefined) return;
  const spent = Object.keys(modes).map((mode) => [mode, grown(modes, earlier, mode)] as const);
  const total = spent.reduce((sum, [, ticks]) => sum + (ticks ?? 0), 0);
  // iowait may shrink (proc(5)); then this one mode has no value and the others have theirs.
  if (total <= 0) return;
  for (const [mode, ticks] of spent)
    if (ticks !== undefined)
      yield {
        name: 'system.cpu.utilization',
        metric: ticks / total,
        attributes: { 'cpu.mode': mode },
      };
}

function* load(now: Sample): Generator<Reading> {
  const averages = parseLoad(now.load ?? '');
  if (averages === undefined) return;
  for (const [i, minutes] of ['1m', '5m', '15m'].entries())
    yield { name: `system.cpu.load_average.${minutes}`, metric: averages[i] ?? 0 };
}

function* memory({ meminfo = '' }: Sample): Generator<Reading> {
  const kernel = parseMeminfo(meminfo);
  const total = kernel.get('MemTotal');
  const free = kernel.get('MemFree');
  if (total !== undefined && total > 0 && free !== undefined) {
    const buffers = kernel.get('Buffers') ?? 0;
    const cached = (kernel.get('Cached') ?? 0) + (kernel.get('SReclaimable') ?? 0);
    const used = Math.max(0, total - free - buffers - cached);
    yield { name: 'system.memory.limit', metric: total };
    yield* shares('system.memory', total, { used, free, buffers, cached });
  }
  const swap = kernel.get('SwapTotal') ?? 0;
  const swapFree = kernel.get('SwapFree') ?? 0;
  if (swap > 0) yield* shares('system.paging', swap, { used: swap - swapFree, free: swapFree });
}

function* shares(name: string, total: number, states: Counters): Generator<Reading> {
  for (const [state, bytes] of Object.entries(states)) {
    const attributes = { [`${name}.state`]: state };
    yield { name: `${name}.usage`, metric: bytes, attributes };
    yield { name: `${name}.utilization`, metric: bytes / total, attributes };
  }
}

function* filesystems({ rooms }: Sample): Generator<Reading> {
  for (const { device, mountpoint, type, total, available, free } of rooms) {
    const attributes = {
      'system.device': device,
      'system.filesystem.mountpoint': mountpoint,
      'system.filesystem.type': type,
    };
    const used = total - free;
    for (const [state, metric] of Object.entries({
      used,
      free: available,
      reserved: free - available,
    }))
      yield {
        name: 'system.filesystem.usage',
        metric,
        attributes: { ...attributes, 'system.filesystem.state': state },
      };
    // As df(1): of what those who are not root can have.
    if (used + available > 0)
      yield {
        name: 'system.filesystem.utilization',
        metric: used / (used + available),
        attributes,
      };
  }
}

/** Name, then which counter is read as which direction of it. */
type Directed = readonly (readonly [name: string, directions: Readonly<Record<string, string>>])[];

const diskMetrics: Directed = [
  ['system.disk.io', { readBytes: 'read', writeBytes: 'write' }],
  ['system.disk.operations', { reads: 'read', writes: 'write' }],
];
const networkMetrics: Directed = [
  ['system.network.io', { receiveBytes: 'receive', transmitBytes: 'transmit' }],
  ['system.network.errors', { receiveErrors: 'receive', transmitErrors: 'transmit' }],
  ['system.network.dropped', { receiveDropped: 'receive', transmitDropped: 'transmit' }],
];

function disks(now: Sample, before: Sample | undefined): Iterable<Reading> {
  const whole = now.disks;
  const found = [...parseDiskstats(now.diskstats ?? '')].filter(
    ([device]) => whole === undefined || whole.includes(device),
  );
  const earlier = parseDiskstats(before?.diskstats ?? '');
  return directed(found, earlier, diskMetrics, ['system.device', 'disk.io.direction']);
}

function network(now: Sample, before: Sample | undefined): Iterable<Reading> {
  const found = [...parseNetDev(now.netDev ?? '')];
  const earlier = parseNetDev(before?.netDev ?? '');
  const names = ['network.interface.name', 'network.io.direction'] as const;
  return directed(found, earlier, networkMetrics, names);
}

/** Increments by device and direction; a device that never did anything is left out. */
function* directed(
  found: readonly (readonly [string, Counters])[],
  earlier: ReadonlyMap<string, Counters>,
  metrics: Directed,
  [deviceName, directionName]: readonly [string, string],
): Generator<Reading> {
  const used = found.filter(([, counters]) => Object.values(counters).some((n) => n > 0));
  for (const [device, counters] of used.slice(0, maxDevices))
    for (const [name, counter, direction] of flat(metrics)) {
      const metric = grown(counters, earlier.get(device), counter);
      const attributes = { [deviceName]: device, [directionName]: direction };
      if (metric !== undefined) yield { name, metric, attributes };
    }
}

function flat(metrics: Directed): (readonly [name: string, counter: string, direction: string])[] {
  return metrics.flatMap(([name, directions]) =>
    Object.entries(directions).map(([counter, direction]) => [name, counter, direction] as const),
  );
}

function* processes(now: Sample, before: Sample | undefined): Generator<Reading> {
  if (now.processes !== undefined) yield { name: 'system.process.count', metric: now.processes };
  const forks = parseStat(now.stat ?? '').forks;
  const earlier = parseStat(before?.stat ?? '').forks;
  if (forks !== undefined && earlier !== undefined && forks >= earlier)
    yield { name: 'system.process.created', metric: forks - earlier };
  const uptime = parseUptime(now.uptime ?? '');
  if (uptime !== undefined) yield { name: 'system.uptime', metric: uptime };
}
