/** A syslog message in its parts; what it does not say is undefined, also where it says `-`. */
export interface SyslogMessage {
  /** 0 to 23, RFC 5424 table 1. */
  readonly facility: number;
  /** 0 to 7, RFC 5424 table 2. */
  readonly severity: number;
  /** ms since the epoch, UTC. */
  readonly time?: number | undefined;
  readonly host?: string | undefined;
  /** APP-NAME, or the tag of RFC 3164. */
  readonly app?: string | undefined;
  readonly process?: string | undefined;
  readonly messageId?: string | undefined;
  /** `[id.param, value]` in the order of the message. */
  readonly structured?: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}

/** user.notice: what a message without a priority has (RFC 3164, 4.3.3). */
const userNotice = 13;
/** local7.debug, the last that there is. */
const last = 191;

/** The number in `<…>` at the start and where the rest begins. */
export function priorityOf(text: string): { readonly priority: number; readonly rest: number } {
  const end = text.charCodeAt(0) === LESS ? text.indexOf('>') : -1;
  if (end < 2 || end > 4) return { priority: userNotice, rest: 0 };
  let priority = 0;
  for (let i = 1; i < end; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return { priority: userNotice, rest: 0 };
    priority = priority * 10 + digit;
  }
  return priority > last ? { priority: userNotice, rest: 0 } : { priority, rest: end + 1 };
}

const LESS = 0x3c;
const ZERO = 0x30;
