import type { AlertDecision, Severity } from '../decision.ts';
import { keyText } from '../engine/keys.ts';
import type { Episode } from './result.ts';

const rank: Readonly<Record<Severity, number>> = { ok: 0, unknown: 1, warning: 2, critical: 3 };

type Open = { -readonly [K in keyof Episode]: Episode[K] };

/**
 * The lives of alerts out of the decisions about them. The first decision that a condition holds
 * opens one, the first that it is over ends it; silences, grouping and people are not in it.
 */
export class Episodes {
  /** Left out because there were too many. */
  leftOut = 0;
  readonly #most: number;
  readonly #from: number;
  readonly #open = new Map<string, Open>();
  readonly #ended: Episode[] = [];

  /** @param from ms: what ended before is forgotten */
  constructor(from: number, most: number) {
    this.#from = from;
    this.#most = most;
  }

  add({ rule, key, at, severity, title }: AlertDecision): void {
    const name = `${rule}\0${keyText(key)}`;
    const open = this.#open.get(name);
    if (severity === 'ok') {
      if (!open) return;
      this.#open.delete(name);
      if (at < this.#from) return;
      if (this.#ended.length < this.#most) this.#ended.push({ ...open, to: at });
      else this.leftOut++;
      return;
    }
    if (!open) this.#open.set(name, { rule, key, from: at, severity, title });
    else if (rank[severity] > rank[open.severity]) open.severity = severity;
  }

  /** Of the range, by when they began; then by rule and key. */
  list(): readonly Episode[] {
    const open = [...this.#open.values()];
    const room = Math.max(0, this.#most - this.#ended.length);
    this.leftOut += Math.max(0, open.length - room);
    return [...this.#ended, ...open.slice(0, room)].toSorted(
      (a, b) =>
        a.from - b.from ||
        compareTexts(a.rule, b.rule) ||
        compareTexts(keyText(a.key), keyText(b.key)),
    );
  }
}

/** By UTF-16 code units: the same on every machine, whatever its language. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
