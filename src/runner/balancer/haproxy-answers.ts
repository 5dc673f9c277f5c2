import { runnerErrors } from '../errors.ts';
import type { BalancerServer } from './balancer.ts';

/** A server, and whether HAProxy is configured to check it (`check` in its line). */
export interface ServerRow extends BalancerServer {
  readonly checked: boolean;
}

/** Bits of srv_admin_state (SRV_ADMF_* in HAProxy's server-t.h): forced, inherited, by resolution. */
const maintenance = 0x01 | 0x02 | 0x20;
const draining = 0x08 | 0x10;
/** srv_op_state: 1 starts slowly (it gets requests already), 2 runs. */
const running = ['1', '2'];
/** Bit of srv_check_state: a check is configured. */
const checkConfigured = 0x02;

type Row = ReadonlyMap<string, string>;

/**
 * The servers of one backend out of `show servers state` (states, addresses) and `show stat`
 * (sessions). Columns are found by their names, for versions add some and move others. Throws
 * TERR_RUNNER_BALANCER.
 */
export function readServers(backend: string, states: string, stats: string): ServerRow[] {
  const sessions = new Map(
    rowsOf(stats, splitCsv)
      .filter((row) => row.get('pxname') === backend)
      .map((row) => [
        row.get('svname') ?? '',
        // What waits in the server's own queue will be a session of it.
        number(row, 'scur') + number(row, 'qcur'),
      ]),
  );
  return rowsOf(states, (line) => line.trim().split(/\s+/))
    .filter((row) => text(row, 'be_name') === backend)
    .map((row) => ({
      name: text(row, 'srv_name'),
      address: text(row, 'srv_addr'),
      port: number(row, 'srv_port'),
      admin: adminOf(number(row, 'srv_admin_state')),
      check: checkOf(row),
      checked: isChecked(row),
      sessions: sessions.get(text(row, 'srv_name')) ?? 0,
    }));
}

const adminOf = (bits: number): BalancerServer['admin'] =>
  (bits & maintenance) !== 0 ? 'maint' : (bits & draining) !== 0 ? 'drain' : 'ready';

const isChecked = (row: Row): boolean => (number(row, 'srv_check_state') & checkConfigured) !== 0;

function checkOf(row: Row): BalancerServer['check'] {
  // In maintenance checks rest, and what they found before says nothing of now.
  if (adminOf(number(row, 'srv_admin_state')) === 'maint' || !isChecked(row)) return 'unknown';
  return running.includes(text(row, 'srv_op_state')) ? 'up' : 'down';
}

/** Lines after the one that begins with `# ` and names the columns. */
function rowsOf(answer: string, split: (line: string) => string[]): Row[] {
  const lines = answer.split('\n');
  const at = lines.findIndex((line) => line.startsWith('# '));
  if (at < 0)
    throw runnerErrors('BALANCER', `HAProxy's answer names no columns: ${answer.slice(0, 200)}`);
  const columns = split((lines[at] ?? '').slice(2));
  return lines
    .slice(at + 1)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const cells = split(line);
      return new Map(columns.map((column, i) => [column, cells[i] ?? '']));
    });
}

/** CSV as of RFC 4180: a cell in quotes may hold commas, and quotes twice. */
function splitCsv(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

function text(row: Row, column: string): string {
  const cell = row.get(column);
  if (cell === undefined)
    throw runnerErrors('BALANCER', `HAProxy's answer has no column ${column}; is it 2.6 or later?`);
  return cell;
}

function number(row: Row, column: string): number {
  const cell = text(row, column);
  // An empty cell is what does not apply to a row.
  if (/^\d*$/.test(cell)) return Number(cell);
  throw runnerErrors('BALANCER', `HAProxy says "${cell}" in the column ${column}, not a number`);
}
