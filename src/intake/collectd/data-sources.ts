import { readFileSync } from 'node:fs';
import { intakeErrors } from '../errors.ts';

/**
 * Types of collectd whose values have names of their own; all others have one value, `value`.
 * What kind a value is (gauge, counter…) is said on the wire. After types.db(5) of collectd 5.12.
 */
const known: Readonly<Record<string, string>> = {
  arc_counts: 'demand_data demand_metadata prefetch_data prefetch_metadata',
  arc_l2_bytes: 'read write',
  arc_size: 'current target minlimit maxlimit',
  compression: 'uncompressed compressed',
  df: 'used free',
  disk_io_time: 'io_time weighted_io_time',
  disk_latency: 'read write',
  disk_merged: 'read write',
  disk_octets: 'read write',
  disk_ops: 'read write',
  disk_time: 'read write',
  dns_octets: 'queries responses',
  domain_state: 'state reason',
  duration: 'seconds',
  ib_octets: 'rx',
  ib_packets: 'rx',
  if_dropped: 'rx tx',
  if_errors: 'rx tx',
  if_octets: 'rx tx',
  if_packets: 'rx tx',
  io_octets: 'rx tx',
  io_ops: 'read write',
  io_packets: 'rx tx',
  load: 'shortterm midterm longterm',
  memcached_octets: 'rx tx',
  mysql_octets: 'rx tx',
  mysql_qcache: 'hits inserts not_cached lowmem_prunes queries_in_cache',
  mysql_threads: 'running connected cached created',
  node_octets: 'rx tx',
  ps_count: 'processes threads',
  ps_cputime: 'user syst',
  ps_disk_octets: 'read write',
  ps_disk_ops: 'read write',
  ps_pagefaults: 'minflt majflt',
  serial_octets: 'rx tx',
  smart_attribute: 'current worst threshold pretty',
  vf_broadcast: 'vf_value',
  vf_bytes: 'vf_rx vf_tx',
  vf_dropped: 'vf_rx vf_tx',
  vf_link_info: 'vf_value',
  vf_multicast: 'vf_value',
  vf_packets: 'vf_rx vf_tx',
  vmpage_faults: 'minflt majflt',
  vmpage_io: 'in out',
  voltage_threshold: 'value threshold',
};

const installed = '/usr/share/collectd/types.db';
const single: readonly string[] = ['value'];

/** Names of the values of each type, as `types.db` says them. */
export class DataSources {
  readonly #types = new Map<string, readonly string[]>(
    Object.entries(known).map(([type, names]) => [type, names.split(' ')]),
  );

  /**
   * Reads collectd's own file where it is installed, then `files`; the last one that names a type
   * counts. Throws TERR_INTAKE_SOURCE when one of `files` can not be read.
   */
  static read(files: readonly string[]): DataSources {
    const sources = new DataSources();
    try {
      sources.add(readFileSync(installed, 'utf8'));
    } catch {
      // collectd is seldom on the same machine.
    }
    for (const file of files)
      try {
        sources.add(readFileSync(file, 'utf8'));
      } catch (cause) {
        const message = `intakes.collectd.typesDb can not be read: ${String(cause)}`;
        throw intakeErrors('SOURCE', message, { cause, file });
      }
    return sources;
  }

  /** Takes the lines of a types.db: `name ds:KIND:min:max, …`; lines that are none are left out. */
  add(text: string): void {
    for (const line of text.split('\n')) {
      const [, type, rest] = /^\s*([^\s#]\S*)\s+(\S.*)$/.exec(line) ?? [];
      if (type === undefined || rest === undefined) continue;
      const names = rest.split(/[,\s]+/).flatMap((one) => one.split(':', 1).filter(Boolean));
      this.#types.set(type, names);
    }
  }

  /** Names of `count` values; `value0`, `value1`, … for a type that is not known as having so many. */
  names(type: string, count: number): readonly string[] {
    const names = this.#types.get(type) ?? single;
    return names.length === count ? names : Array.from({ length: count }, (_, i) => `value${i}`);
  }
}
