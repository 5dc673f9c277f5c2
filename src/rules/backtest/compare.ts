import type { Decision } from '../decision.ts';
import { keyText } from '../engine/keys.ts';
import { compareTexts } from './episodes.ts';
import type { AlertDifference, Compared, Difference, Episode } from './result.ts';

type Side = 'candidate' | 'live';

interface Count {
  same: number;
  candidate: number;
  live: number;
}

/** Decisions that wait for their like on the other side; beyond, they count as different. */
const mostPending = 500_000;

/**
 * Finds the decisions that two sets of rules make alike while both run: those that wait for their
 * like are all it keeps. Alike are two of the same kind, rule, key and time that say the same; the
 * words of an alert do not matter, only its severity.
 */
export class Comparison {
  readonly #counts = new Map<string, Count>();
  /** How often more the candidate made a decision; negative: the live rules. */
  readonly #pending = new Map<string, number>();

  add(side: Side, decision: Decision): void {
    const { rule, key } = decision;
    const name = `${rule}\0${keyText(key)}`;
    let count = this.#counts.get(name);
    if (!count) this.#counts.set(name, (count = { same: 0, candidate: 0, live: 0 }));
    const what = `${name}\0${contentOf(decision)}`;
    const step = side === 'candidate' ? 1 : -1;
    const balance = this.#pending.get(what) ?? 0;
    if (balance * step < 0) {
      count.same++;
      count[side === 'candidate' ? 'live' : 'candidate']--;
    } else count[side]++;
    if (balance + step === 0) this.#pending.delete(what);
    else if (balance !== 0 || this.#pending.size < mostPending)
      this.#pending.set(what, balance + step);
  }

  result(
    alerts: { readonly candidate: readonly Episode[]; readonly live: readonly Episode[] },
    most: number,
  ): Difference {
    const keys = [...this.#counts]
      .map(([name, { same, candidate, live }]): Compared => {
        const [rule = '', key = ''] = name.split('\0');
        return { rule, key, same, onlyCandidate: candidate, onlyLive: live };
      })
      .toSorted(
        (a, b) =>
          Number(isSame(a)) - Number(isSame(b)) ||
          compareTexts(a.rule, b.rule) ||
          compareTexts(a.key, b.key),
      );
    const different = alertDifferences(alerts.candidate, alerts.live);
    const sum = (of: (one: Compared) => number): number =>
      keys.reduce((total, one) => total + of(one), 0);
    return {
      same: sum((one) => one.same),
      onlyCandidate: sum((one) => one.onlyCandidate),
      onlyLive: sum((one) => one.onlyLive),
      keys: keys.slice(0, most),
      alerts: different.slice(0, most),
      leftOut: {
        keys: Math.max(0, keys.length - most),
        alerts: Math.max(0, different.length - most),
      },
    };
  }
}

const isSame = ({ onlyCandidate, onlyLive }: Compared): boolean =>
  onlyCandidate === 0 && onlyLive === 0;

function contentOf(decision: Decision): string {
  const { kind, at } = decision;
  switch (kind) {
    case 'alert':
      return `alert ${at} ${decision.severity}`;
    case 'emit':
      return `emit ${at} ${JSON.stringify(decision.event)}`;
    case 'notify':
      return `notify ${at} ${JSON.stringify([decision.to, decision.title, decision.body])}`;
    case 'scale':
      return `scale ${at} ${JSON.stringify([decision.target, decision.want])}`;
  }
}

/** Alerts that are not the same on both sides; those that overlap are shown beside each other. */
function alertDifferences(
  candidate: readonly Episode[],
  live: readonly Episode[],
): readonly AlertDifference[] {
  const nameOf = ({ rule, key }: Episode): string => `${rule}\0${keyText(key)}`;
  const liveByName = new Map<string, Episode[]>();
  for (const one of live) {
    const list = liveByName.get(nameOf(one));
    if (list) list.push(one);
    else liveByName.set(nameOf(one), [one]);
  }
  const found: AlertDifference[] = [];
  for (const one of candidate) {
    const others = liveByName.get(nameOf(one)) ?? [];
    const index = others.findIndex((other) => overlap(one, other));
    const [other] = index < 0 ? [] : others.splice(index, 1);
    if (!other || !alike(one, other)) found.push(difference(one, other));
  }
  for (const others of liveByName.values())
    for (const other of others) found.push(difference(undefined, other));
  const start = (one: AlertDifference): number => (one.candidate ?? one.live)?.from ?? 0;
  return found.toSorted(
    (a, b) => start(a) - start(b) || compareTexts(a.rule, b.rule) || compareTexts(a.key, b.key),
  );
}

const endOf = ({ to }: Episode): number => to ?? Number.POSITIVE_INFINITY;

const overlap = (a: Episode, b: Episode): boolean => a.from <= endOf(b) && b.from <= endOf(a);

const alike = (a: Episode, b: Episode): boolean =>
  a.from === b.from && a.to === b.to && a.severity === b.severity;

function difference(candidate: Episode | undefined, live: Episode | undefined): AlertDifference {
  const either = candidate ?? live;
  const shown = (one: Episode): Omit<Episode, 'rule' | 'key'> => {
    const { rule: _rule, key: _key, ...rest } = one;
    return rest;
  };
  return {
    rule: either?.rule ?? '',
    key: either ? keyText(either.key) : '',
    ...(candidate ? { candidate: shown(candidate) } : {}),
    ...(live ? { live: shown(live) } : {}),
  };
}
