import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CollectdLoad, CollectdSent } from './collectd-sender.ts';
import type { OtlpLoad, OtlpSent } from './otlp-sender.ts';
import type { RiemannLoad, RiemannSent } from './riemann-sender.ts';
import type { SyslogLoad, SyslogSent } from './syslog-sender.ts';
import type { Load, Sent } from './sender.ts';
import type { LinesLoad, LinesSent } from './lines-sender.ts';
import type { DatagramLoad, DatagramsSent } from './udp-sender.ts';

/** Runs a sender in a process of its own, so that its garbage and its clock are not the server's. */
async function run<T>(sender: string, load: object): Promise<T> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', new URL(sender, import.meta.url).pathname, JSON.stringify(load)],
    { maxBuffer: 1 << 20 },
  );
  return JSON.parse(stdout) as T;
}

export const send = (load: Load): Promise<Sent> => run('sender.ts', load);

export const sendDatagrams = (load: DatagramLoad): Promise<DatagramsSent> =>
  run('udp-sender.ts', load);

export const sendLines = (load: LinesLoad): Promise<LinesSent> => run('lines-sender.ts', load);

export const sendRiemann = (load: RiemannLoad): Promise<RiemannSent> =>
  run('riemann-sender.ts', load);

export const sendCollectd = (load: CollectdLoad): Promise<CollectdSent> =>
  run('collectd-sender.ts', load);

export const sendOtlp = (load: OtlpLoad): Promise<OtlpSent> => run('otlp-sender.ts', load);

export const sendSyslog = (load: SyslogLoad): Promise<SyslogSent> => run('syslog-sender.ts', load);
