import { escapeLines } from '../../event/plugin-output.ts';
import type { PluginReport } from './report.ts';

/** A result that is given to Nagios by somebody else than itself. */
export interface PassiveResult extends PluginReport {
  readonly host: string;
  /** Undefined: it is about the host. */
  readonly service: string | undefined;
  /** ms since the epoch, UTC. */
  readonly started: number;
  readonly ended: number;
}

/**
 * What is not right with the names of a result: they stand on lines of their own or between
 * semicolons. Undefined: they can be given.
 */
export function faultOfNames({
  host,
  service,
}: Pick<PassiveResult, 'host' | 'service'>): string | undefined {
  const wrong = (text: string): boolean => text.trim() === '' || /[;\n\r]/.test(text);
  if (wrong(host)) return 'the name of the host is empty, or has a semicolon or a line end';
  if (service !== undefined && wrong(service))
    return 'the name of the service is empty, or has a semicolon or a line end';
  return undefined;
}

/** UP, DOWN, UNREACHABLE of a host that is reported as a plugin reports: a warning is UP. */
const hostCodes = [0, 0, 1, 2] as const;

const codeOf = ({ service, code }: PassiveResult): number =>
  service === undefined ? hostCodes[code] : code;

/** Bytes that a pipe takes in one piece (PIPE_BUF), so that no other's line gets into this one. */
const mostOfPipe = 4096;

/**
 * A line for the command file of Nagios, Icinga or Naemon: PROCESS_SERVICE_CHECK_RESULT or
 * PROCESS_HOST_CHECK_RESULT. Lines of the output that are too much for one write are left out.
 */
export function commandLine(result: PassiveResult): string {
  const { host, service, ended, text } = result;
  const about =
    service === undefined ? `HOST_CHECK_RESULT;${host}` : `SERVICE_CHECK_RESULT;${host};${service}`;
  const start = `[${Math.floor(ended / 1000)}] PROCESS_${about};${codeOf(result)};`;
  return `${start}${escapeLines(shortened(text, mostOfPipe - Buffer.byteLength(start) - 1))}\n`;
}

/** Whole lines, as they stand escaped in one; of the first whole values where even that is too long. */
function shortened(text: string, bytes: number): string {
  const [first = '', ...below] = text.trimEnd().split('\n');
  const size = (one: string): number => Buffer.byteLength(escapeLines(one));
  const words = first.split(' ');
  while (size(words.join(' ')) > bytes) words.pop();
  const kept = [words.join(' ')];
  let used = size(kept[0] ?? '');
  for (const line of below) {
    used += size(line) + 2;
    if (used > bytes) break;
    kept.push(line);
  }
  return kept.join('\n');
}

/** A file for Nagios' folder of check results (`check_result_path`). */
export function checkResultFile(result: PassiveResult): string {
  const { host, service, started, ended, text } = result;
  const time = (ms: number): string => (ms / 1000).toFixed(6);
  return [
    '### Passive Check Result File ###',
    `file_time=${Math.floor(ended / 1000)}`,
    '',
    `### Nagios ${service === undefined ? 'Host' : 'Service'} Check Result ###`,
    `host_name=${host}`,
    ...(service === undefined ? [] : [`service_description=${service}`]),
    // Passive; Nagios has not asked for it.
    'check_type=1',
    'check_options=0',
    'scheduled_check=0',
    'reschedule_check=0',
    'latency=0.0',
    `start_time=${time(started)}`,
    `finish_time=${time(ended)}`,
    'early_timeout=0',
    'exited_ok=1',
    `return_code=${codeOf(result)}`,
    `output=${escapeLines(text.trimEnd())}`,
    '',
  ].join('\n');
}
