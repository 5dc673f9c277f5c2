import { describe, expect, test } from 'vitest';
import {
  parseLoad,
  parseMeminfo,
  parseMounts,
  parseNetDev,
  parseStat,
  parseUptime,
} from './proc.ts';
import { type Reading, readingsOf } from './readings.ts';
import type { Sample } from './sample.ts';

const stat = `cpu  1000 20 300 8000 100 0 30 50 0 0
cpu0 500 10 150 4000 50 0 15 25 0 0
intr 1 2 3
ctxt 11
btime 1795400000
processes 4000
procs_running 2
`;
const statLater = stat
  .replace(/^cpu .*/, 'cpu  1050 20 310 8030 99 0 30 60 0 0')
  .replace('4000\nprocs', '4012\nprocs');
const diskstats = `   7       0 loop0 5 0 5 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 254       0 vda 100 5 2000 30 50 6 400 20 0 10 50 0 0 0 0 3 1
 254       1 vda1 90 5 1800 30 50 6 400 20 0 10 50 0 0 0 0 3 1
 253       0 zram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
`;
const netDev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 700 13 0 0 0 0 0 0 700 13 0 0 0 0 0 0
  eth0:123456 99 1 2 0 0 0 0 654321 88 3 4 0 0 0 0
  ifb0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
`;
const meminfo = `MemTotal:        1000 kB
MemFree:          400 kB
MemAvailable:     600 kB
Buffers:           50 kB
Cached:           100 kB
SReclaimable:      50 kB
SwapTotal:        200 kB
SwapFree:         150 kB
HugePages_Total:       0
`;
const sample: Sample = {
  stat,
  load: '1.64 0.66 0.34 2/512 12526\n',
  meminfo,
  uptime: '1520.25 2990.12\n',
  diskstats,
  netDev,
  disks: ['loop0', 'vda', 'zram0'],
  processes: 87,
  rooms: [
    { device: '/dev/vda', mountpoint: '/', type: 'ext4', total: 1000, available: 300, free: 400 },
  ],
};

/** Readings as `name{attribute values}` → number. */
const table = (readings: readonly Reading[]): Record<string, number> =>
  Object.fromEntries(
    readings.map(({ name, metric, attributes = {} }) => [
      [name, ...Object.values(attributes)].join(' '),
      metric,
    ]),
  );

const KiB = 1024;

test('a first sample gives what can be said without another', () => {
  expect(table(readingsOf(sample, undefined))).toEqual({
    'system.cpu.load_average.1m': 1.64,
    'system.cpu.load_average.5m': 0.66,
    'system.cpu.load_average.15m': 0.34,
    'system.memory.limit': 1000 * KiB,
    'system.memory.usage used': 400 * KiB,
    'system.memory.utilization used': 0.4,
    'system.memory.usage free': 400 * KiB,
    'system.memory.utilization free': 0.4,
    'system.memory.usage buffers': 50 * KiB,
    'system.memory.utilization buffers': 0.05,
    'system.memory.usage cached': 150 * KiB,
    'system.memory.utilization cached': 0.15,
    'system.paging.usage used': 50 * KiB,
    'system.paging.utilization used': 0.25,
    'system.paging.usage free': 150 * KiB,
    'system.paging.utilization free': 0.75,
    'system.filesystem.usage /dev/vda / ext4 used': 600,
    'system.filesystem.usage /dev/vda / ext4 free': 300,
    'system.filesystem.usage /dev/vda / ext4 reserved': 100,
    'system.filesystem.utilization /dev/vda / ext4': 600 / 900,
    'system.process.count': 87,
    'system.uptime': 1520.25,
  });
});

test('a second sample adds what grew; partitions, idle devices and shrunk counters have no value', () => {
  const later: Sample = {
    ...sample,
    stat: statLater,
    diskstats: diskstats.replace('vda 100 5 2000 30 50 6 400', 'vda 103 5 2010 30 50 6 408'),
    netDev: netDev.replace('123456 99 1 2', '123556 99 1 5'),
  };
  const found = table(readingsOf(later, sample));
  const first = table(readingsOf(later, undefined));
  const grown = Object.fromEntries(Object.entries(found).filter(([name]) => !(name in first)));
  expect(grown).toEqual({
    'system.cpu.utilization user': 0.5,
    'system.cpu.utilization nice': 0,
    'system.cpu.utilization system': 0.1,
    'system.cpu.utilization idle': 0.3,
    'system.cpu.utilization interrupt': 0,
    'system.cpu.utilization softirq': 0,
    'system.cpu.utilization steal': 0.1,
    'system.disk.io vda read': 5120,
    'system.disk.io vda write': 4096,
    'system.disk.operations vda read': 3,
    'system.disk.operations vda write': 0,
    'system.network.io lo receive': 0,
    'system.network.io lo transmit': 0,
    'system.network.errors lo receive': 0,
    'system.network.errors lo transmit': 0,
    'system.network.dropped lo receive': 0,
    'system.network.dropped lo transmit': 0,
    'system.network.io eth0 receive': 100,
    'system.network.io eth0 transmit': 0,
    'system.network.errors eth0 receive': 0,
    'system.network.errors eth0 transmit': 0,
    'system.network.dropped eth0 receive': 3,
    'system.network.dropped eth0 transmit': 0,
    'system.process.created': 12,
  });
});

test('counters that began anew have no value, the others have theirs', () => {
  const before: Sample = { ...sample, netDev: netDev.replace('123456', '999999999') };
  const found = table(readingsOf(sample, before));
  expect(found).not.toHaveProperty('system.network.io eth0 receive');
  expect(found).toHaveProperty('system.network.io eth0 transmit', 0);
});

test('a device that came between two samples has no increment yet', () => {
  const before: Sample = { ...sample, netDev: netDev.replace('eth0', 'eth7') };
  expect(table(readingsOf(sample, before))).not.toHaveProperty('system.network.io eth0 transmit');
});

test('a machine with thousands of interfaces sends readings of 32', () => {
  const lines = Array.from(
    { length: 5000 },
    (_, i) => ` veth${i}: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0`,
  );
  const many: Sample = { rooms: [], netDev: lines.join('\n') };
  expect(readingsOf(many, many).length).toBe(32 * 6);
});

test('where nothing is, nothing is made up', () => {
  const nothing: Sample = { rooms: [] };
  expect(readingsOf(nothing, nothing)).toEqual([]);
});

describe('text that is spelled in another way', () => {
  test.each([
    ['stat', parseStat('cpu 1 2 3\n'), {}],
    ['stat, not numbers', parseStat('cpu  a b c d e f g h\n'), {}],
    ['loadavg', parseLoad(''), undefined],
    ['loadavg, not numbers', parseLoad('a b c'), undefined],
    ['meminfo', parseMeminfo('MemTotal 5'), new Map()],
    ['uptime', parseUptime('soon'), undefined],
    ['net/dev', parseNetDev('eth0: 1 2\n'), new Map()],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

test('mounts: devices of this machine, each once, with their blanks', () => {
  const text = String.raw`proc /proc proc rw 0 0
/dev/vda / ext4 rw,relatime 0 0
/dev/vda /var/bound ext4 rw 0 0
/dev/sdb1 /media/my\040disk vfat rw 0 0
/dev/loop3 /snap/x squashfs ro 0 0
tank/home /home zfs rw 0 0
server:/export /net nfs4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
`;
  expect(parseMounts(text)).toEqual([
    { device: '/dev/vda', mountpoint: '/', type: 'ext4' },
    { device: '/dev/sdb1', mountpoint: '/media/my disk', type: 'vfat' },
    { device: 'tank/home', mountpoint: '/home', type: 'zfs' },
  ]);
});
