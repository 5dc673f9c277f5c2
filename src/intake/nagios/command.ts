import { type Decoded, refused } from '../decoded.ts';
import { unescapeLines } from '../../event/plugin-output.ts';
import { type CheckResult, eventsOf } from './check-result.ts';

/** Bytes of one external command; Nagios itself takes 8 KiB. */
export const maxCommand = 65_536;

const shape = /^(?:\[(\d{1,12})\] ?)?([A-Za-z0-9_]+)(?:;(.*))?$/s;

/** Commands that bring the result of a check, and how many fields stand before its output. */
const results: Readonly<Record<string, { readonly service: boolean }>> = {
  PROCESS_SERVICE_CHECK_RESULT: { service: true },
  PROCESS_HOST_CHECK_RESULT: { service: false },
};

/**
 * One external command as Nagios takes it, `[time] COMMAND;arguments`, without its line end. The
 * time is in seconds; without one it is now (NRDP leaves it out).
 */
export function* decodeCommand(line: string): Generator<Decoded> {
  const [, seconds, command = '', rest = ''] = shape.exec(line) ?? [];
  const sample = line.slice(0, 500);
  if (command === '') {
    const message = 'This is no external command: `[seconds] COMMAND;arguments` is expected.';
    yield refused(code, message, { sample });
    return;
  }
  const kind = Object.hasOwn(results, command) ? results[command] : undefined;
  if (kind === undefined) {
    const message = `${command} is an order to a Nagios. Only results of checks are taken: ${Object.keys(results).join(', ')}.`;
    yield refused(code, message, { field: 'command', sample });
    return;
  }
  const fields = fieldsOf(rest, kind.service ? 3 : 2);
  if (fields === undefined) {
    const wanted = kind.service ? 'host;service;return code;output' : 'host;return code;output';
    yield refused(code, `${command} needs ${wanted}.`, { sample });
    return;
  }
  yield* eventsOf(resultOf(fields, kind.service, seconds));
}

const code = 'TERR_INTAKE_DECODE';

function resultOf(
  fields: readonly string[],
  service: boolean,
  seconds: string | undefined,
): CheckResult {
  const [host = '', second = '', third = '', fourth = ''] = fields;
  return {
    host,
    service: service ? second : undefined,
    code: codeOf(service ? third : second),
    output: unescapeLines(service ? fourth : third),
    time: seconds === undefined ? undefined : Number(seconds) * 1000,
  };
}

/** A return code as text; NaN when it is no whole number. */
export function codeOf(text: string): number {
  return /^[+-]?\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** The first `count` fields and what is left, which may hold semicolons itself. */
function fieldsOf(text: string, count: number): string[] | undefined {
  const fields: string[] = [];
  let from = 0;
  for (let i = 0; i < count; i++) {
    const end = text.indexOf(';', from);
    // Nagios takes a result without any output.
    if (end < 0) return i === count - 1 ? [...fields, text.slice(from), ''] : undefined;
    fields.push(text.slice(from, end));
    from = end + 1;
  }
  return [...fields, text.slice(from)];
}
