import type { Draft, Event, Json } from '../../../event/event.ts';
import type { Change } from '../../correlate/change.ts';
import type { Evidence, Verdict } from '../../correlate/verdict.ts';
import type { RuleEvent } from '../../language/plan.ts';
import type { AlertHints } from '../alert.ts';

/** Type and name of the readings that verdicts are put on the log as. */
const verdictType = 'verdict';
const verdictName = 'change.verdict';

/** What is said of one metric after one change. */
export interface Said {
  readonly change: Change;
  readonly verdict: Verdict;
  /** Name of the metric. */
  readonly name: string | undefined;
  /** Other changes and incidents that fall into the samples. */
  readonly also: readonly string[];
}

/** The verdict as a reading: every one, also that nothing moved, and that it cannot be told. */
export function verdictDraft(about: Event, said: Said): Draft {
  const { service, host, environment, attributes } = about;
  const draft = {
    type: verdictType,
    name: verdictName,
    time: about.time,
    service,
    host,
    environment,
    state: said.verdict.kind,
    attributes: { ...attributes, ...attributesOf(said) },
    data: detailsOf(said),
  };
  const given = Object.entries(draft).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as Draft; // type is set
}

/** What a move is about: what `{version}` and the like in a title stand for. */
export function attributesOf({ change, verdict, name }: Said): Record<string, string> {
  return {
    'change.id': change.id,
    'change.source': change.source,
    'change.type': change.type,
    change: change.what,
    verdict: verdict.kind,
    text: verdictText(verdict, change),
    ...(change.version === undefined ? {} : { version: change.version }),
    ...(name === undefined ? {} : { 'metric.name': name }),
  };
}

/** The fields of the event that goes on when a metric moved. */
export function movedFields(
  said: Said,
  { change, after }: Evidence,
): Partial<RuleEvent & AlertHints> {
  return {
    ...(said.name === undefined ? {} : { name: said.name }),
    state: 'critical',
    metric: after.median,
    since: change,
    attributes: attributesOf(said),
    details: detailsOf(said),
  };
}

function detailsOf({ change, verdict, name, also }: Said): Json {
  const { source, id, type, time, what, version } = change;
  const details = {
    ...verdict,
    metric: name,
    text: verdictText(verdict, change),
    also,
    change: { source, id, type, time, what, version },
  };
  // Plain data with finite numbers; what is undefined is left out.
  return JSON.parse(JSON.stringify(details)) as Json;
}

/** A verdict in one sentence. */
export function verdictText(verdict: Verdict, change: Change): string {
  if (verdict.kind === 'cannotTell') return `cannot tell: ${lackText(verdict)}`;
  const { evidence } = verdict;
  const { before, after, rank } = evidence;
  const sizes = `from ${short(before.mean)} to ${short(after.mean)}${relativeText(evidence)}`;
  const ranked = `rank ${rank.larger + 1} of ${rank.splits + 1} in its own history`;
  switch (verdict.kind) {
    case 'moved':
      return `moved ${verdict.direction} ${sizes}, ${ranked}`;
    case 'movedElsewhere': {
      const minutes = Math.round(Math.abs(verdict.at - evidence.change) / 60_000);
      const at = new Date(verdict.at).toISOString().slice(11, 16);
      return `moved ${verdict.direction} ${sizes}, but at ${at} UTC, ${minutes} min ${verdict.side} ${change.what}`;
    }
    case 'notMoved':
      return `did not move: ${sizes}, ${ranked}`;
  }
}

const lackTexts = {
  before: 'readings before the change',
  after: 'readings after the change',
  history: 'comparable places in the history',
} as const;

function lackText({ lack, have, need }: Extract<Verdict, { kind: 'cannotTell' }>): string {
  return `${have} of ${need} ${lackTexts[lack]}`;
}

function relativeText({ relative }: Evidence): string {
  if (relative === undefined) return '';
  return ` (${relative < 0 ? '−' : '+'}${short(Math.abs(relative) * 100)} %)`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
