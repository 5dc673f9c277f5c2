import { readdirSync, readFileSync } from 'node:fs';

/** A process that has to do with a company. */
export interface Found {
  readonly pid: number;
  readonly command: string;
  /** Proportional set size, bytes: what is shared counts in part for each. */
  readonly memory: number;
  /** Of user and system so far, with that of the children it has waited for, s. */
  readonly cpu: number;
}

/**
 * Every living process whose command line or first environment names the folder, from /proc: no list
 * that the demo keeps itself is asked.
 */
export function processesOf(home: string): readonly Found[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const [command, environment, rollup, stat] = ['cmdline', 'environ', 'smaps_rollup', 'stat'].map(
      (file) => read(`/proc/${name}/${file}`),
    ) as [string, string, string, string];
    if (![command, environment].some((text) => text.includes(home))) return [];
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields.length < 20) return [];
    return [
      {
        pid: Number(name),
        command: command.replaceAll('\0', ' ').trim(),
        memory: 1024 * Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0),
        // Fields 14 to 17 of proc(5), in ticks of 10 ms on every Linux that Node runs on.
        cpu: fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100,
      },
    ];
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // it is gone, or not ours
  }
}
