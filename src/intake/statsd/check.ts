import { type Decoded, refused } from '../decoded.ts';
import { fieldsOf } from './fields.ts';

/** By their number, as Nagios has them. */
const states = ['ok', 'warning', 'critical', 'unknown'] as const;

/** Whether a message at `start` is a service check. */
export function isCheck(bytes: Buffer, start: number): boolean {
  return (
    bytes[start] === 0x5f &&
    bytes[start + 1] === 0x73 &&
    bytes[start + 2] === 0x63 &&
    bytes[start + 3] === 0x7c
  );
}

/**
 * Whether a line goes on the message of a service check before it: hot-shots leaves line ends as they
 * are. Without a `|` it can be nothing else.
 */
export function goesOn(bytes: Buffer, start: number, end: number): boolean {
  const bar = bytes.indexOf(0x7c, start);
  return start < end && (bar < 0 || bar >= end);
}

/** A service check, `_sc|name|0-3|d:time|h:host|#tags|m:message`. `bytes` are this message alone. */
export function checkIn(bytes: Buffer): Decoded {
  const [, name = '', status = '', rest = ''] =
    /^_sc\|([^|\n]*)\|([^|\n]*)(.*)$/s.exec(bytes.toString()) ?? [];
  const state = /^[0-3]$/.test(status) ? states[Number(status)] : undefined;
  if (name === '' || state === undefined)
    return refused(
      'TERR_INTAKE_DECODE',
      'a service check is written _sc|name|status, its status 0 (ok), 1 (warning), 2 (critical) or 3',
    );
  // The message is last, and may hold what would else part fields.
  const at = rest.indexOf('|m:');
  const { draft } = fieldsOf(at < 0 ? rest : rest.slice(0, at));
  const message = rest
    .slice(at + 3)
    .replaceAll('\\n', '\n')
    .replaceAll(String.raw`m\:`, 'm:');
  return { ...draft, type: 'check', name, state, ...(at >= 0 && { data: message }) };
}
