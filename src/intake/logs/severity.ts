/** How bad a log line is. */
export interface Severity {
  /** In the words of checks, which rules and pages know. */
  readonly state: 'ok' | 'warning' | 'critical';
  /** The sender's word, lower case: `err`, `fatal`. */
  readonly word: string;
}

/** RFC 5424, table 2, by code; the words are those of syslog.conf(5). */
const syslogSeverities: readonly Severity[] = [
  { state: 'critical', word: 'emerg' },
  { state: 'critical', word: 'alert' },
  { state: 'critical', word: 'crit' },
  { state: 'critical', word: 'err' },
  { state: 'warning', word: 'warning' },
  { state: 'ok', word: 'notice' },
  { state: 'ok', word: 'info' },
  { state: 'ok', word: 'debug' },
];

/** The severity of a syslog code, 0 to 7; undefined of anything else. */
export function syslogSeverity(code: number): Severity | undefined {
  return syslogSeverities[code];
}

/** Words of syslog, pino, bunyan, winston, Python, Java, .NET, Go and PHP. */
const states: ReadonlyMap<string, Severity['state']> = new Map([
  ...['emerg', 'emergency', 'panic', 'dpanic', 'alert', 'crit', 'critical', 'fatal', 'err'].map(
    (word) => [word, 'critical'] as const,
  ),
  ...['error', 'severe', 'failure', 'eror', 'e', 'f'].map((word) => [word, 'critical'] as const),
  ...['warning', 'warn', 'w'].map((word) => [word, 'warning'] as const),
  ...['notice', 'info', 'information', 'informational', 'success', 'config', 'i', 'n'].map(
    (word) => [word, 'ok'] as const,
  ),
  ...['debug', 'trace', 'verbose', 'silly', 'http', 'fine', 'finer', 'finest', 'd', 't'].map(
    (word) => [word, 'ok'] as const,
  ),
]);

const bunyanWords = ['trace', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/**
 * The severity that a word or number of a logging library names: 0 to 7 as syslog, from 10 as
 * bunyan and pino (a level in between counts as the one below it). A word that nobody knows stays,
 * without a state; undefined when it is neither.
 */
export function severityOf(level: unknown): Partial<Severity> | undefined {
  if (typeof level === 'number') return severityOfNumber(level);
  if (typeof level !== 'string') return undefined;
  const word = level.trim().toLowerCase();
  if (word === '' || word.length > longestWord) return undefined;
  if (/^\d{1,2}$/.test(word)) return severityOfNumber(Number(word));
  const state = states.get(word);
  return { word, ...(state !== undefined && { state }) };
}

const longestWord = 32;

function severityOfNumber(level: number): Severity | undefined {
  if (level < 8) return syslogSeverities[level];
  const word = bunyanWords[Math.min(Math.floor(level / 10), 6)];
  const state = word === undefined ? undefined : states.get(word);
  return level < 10 || word === undefined || state === undefined ? undefined : { state, word };
}
