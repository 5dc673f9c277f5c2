/** Longest piece of a bad message that is kept, characters. */
export const sampleLength = 300;

const hidden = '[redacted]';

/** What looks like a secret, wherever it stands. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(tty|tln|ghp|gho|ghs|ghu|glpat|xox[abpr]|sk|rk|whsec)[_-][\w-]{8,}/g, hidden],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, hidden],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, hidden],
  [/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, `$1 ${hidden}`],
  [/:\/\/[^\s/@]+@/g, `://${hidden}@`],
  [
    /((?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|authorization|credential|signature)\w*["']?\s*[=:]\s*["']?)[^\s"'&,;|]+/gi,
    `$1${hidden}`,
  ],
  [/-----BEGIN [A-Z ]+-----[^]*/g, hidden],
];

/**
 * The start of a message that was refused, fit to be shown: without what looks like a secret, and
 * with control characters made visible. Secrets go before it is cut, lest half of one stay.
 */
export function redact(text: string): string {
  const head = text.slice(0, sampleLength * 4);
  const clean = secrets.reduce((rest, [pattern, by]) => rest.replace(pattern, by), head);
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const visible = clean.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, escaped);
  return visible.length > sampleLength ? `${visible.slice(0, sampleLength)}…` : visible;
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
