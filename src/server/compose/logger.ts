import { type DestinationStream, type Logger, destination, pino } from 'pino';

/** Whatever is named so in a log line is a secret. */
const secret = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'csrf'];

/** The server's own log: JSON lines on standard error, secrets struck out. */
export function makeLogger(level: string, to: DestinationStream = destination(2)): Logger {
  const paths = secret.flatMap((name) => {
    const key = /^\w+$/.test(name) ? `.${name}` : `["${name}"]`;
    const bare = key.replace(/^\./, '');
    return [bare, `*${key}`, `*.*${key}`, `*.*.*${key}`];
  });
  return pino({ level, base: null, redact: { paths, censor: '[redacted]' } }, to);
}
