/**
 * Parsers of the kernel's files under /proc: pure, from text to numbers. What is missing or spelled
 * in another way is left out, never guessed. Formats: proc(5), kernel Documentation/admin-guide/
 * iostats.rst.
 */

/** Counters that only grow, by name; a smaller value later means that they began anew. */
export type Counters = Readonly<Record<string, number>>;

/** The modes of a CPU in the order of /proc/stat, as OpenTelemetry's `cpu.mode` names them. */
const cpuModes = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'softirq', 'steal'];

/** Time spent in each mode by all CPUs together, in clock ticks, and processes ever started. */
export function parseStat(text: string): { readonly cpu?: Counters; readonly forks?: number } {
  const cpu = /^cpu +(.+)$/m.exec(text)?.[1]?.trim().split(/ +/).map(Number);
  const forks = Number(/^processes (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
  const complete = cpu !== undefined && cpu.length >= cpuModes.length && cpu.every(Number.isFinite);
  return {
    ...(complete && { cpu: Object.fromEntries(cpuModes.map((mode, i) => [mode, cpu[i] ?? 0])) }),
    ...(Number.isFinite(forks) && { forks }),
  };
}

/** Runnable tasks averaged over 1, 5 and 15 minutes. */
export function parseLoad(text: string): readonly [number, number, number] | undefined {
  const [one, five, fifteen] = text.split(' ').slice(0, 3).map(Number);
  const found = [one, five, fifteen].every((n) => n !== undefined && Number.isFinite(n));
  return found && text.trim() !== '' ? [one ?? 0, five ?? 0, fifteen ?? 0] : undefined;
}

/** Bytes, by the kernel's names such as `MemTotal`. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [, name = '', kib] of text.matchAll(/^(\w+): +(\d+) kB$/gm))
    found.set(name, Number(kib) * 1024);
  return found;
}

/** Seconds since the machine started. */
export function parseUptime(text: string): number | undefined {
  const seconds = /^(\d+(?:\.\d+)?) /.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Always 512 bytes in /proc/diskstats, whatever the device's own sectors are. */
const sector = 512;

/** Bytes and operations by block device. Loop and memory devices are left out. */
export function parseDiskstats(text: string): ReadonlyMap<string, Counters> {
  const found = new Map<string, Counters>();
  for (const line of text.split('\n')) {
    const [, , device = '', ...rest] = line.trim().split(/ +/);
    const [reads, , sectorsRead, , writes, , sectorsWritten] = rest.map(Number);
    if (device === '' || sectorsWritten === undefined || /^(loop|ram)\d/.test(device)) continue;
    found.set(device, {
      readBytes: (sectorsRead ?? 0) * sector,
      writeBytes: sectorsWritten * sector,
      reads: reads ?? 0,
      writes: writes ?? 0,
    });
  }
  return found;
}

/** Bytes, errors and dropped packets by network interface. */
export function parseNetDev(text: string): ReadonlyMap<string, Counters> {
  const found = new Map<string, Counters>();
  for (const [, name = '', numbers = ''] of text.matchAll(/^ *([^\s:]+(?::\d+)?): *(\d.*)$/gm)) {
    const n = numbers.trim().split(/ +/).map(Number);
    if (n.length < 12) continue;
    found.set(name, {
      receiveBytes: n[0] ?? 0,
      receiveErrors: n[2] ?? 0,
      receiveDropped: n[3] ?? 0,
      transmitBytes: n[8] ?? 0,
      transmitErrors: n[10] ?? 0,
      transmitDropped: n[11] ?? 0,
    });
  }
  return found;
}

export interface Mount {
  readonly device: string;
  readonly mountpoint: string;
  readonly type: string;
}

/**
 * File systems on devices of this machine, each device once. Those of the network are left out: to
 * ask a server that is gone blocks the one who asks.
 */
export function parseMounts(text: string): Mount[] {
  const found = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const [device = '', mountpoint = '', type = ''] = line.split(' ').map(unescapeMount);
    const local = device.startsWith('/dev/') || type === 'zfs';
    const fixed = !['squashfs', 'iso9660', 'devtmpfs'].includes(type);
    if (local && fixed && mountpoint !== '' && !found.has(device))
      found.set(device, { device, mountpoint, type });
  }
  return [...found.values()];
}

/** The kernel writes blanks and backslashes in paths as three octal digits. */
function unescapeMount(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
