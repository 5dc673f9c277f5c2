import type { Event } from '../../../event/event.ts';
import { type Change, asChange, changeOf } from '../../correlate/change.ts';
import { share } from '../../correlate/labels.ts';
import type { Span } from '../../correlate/verdict.ts';
import type { Readings } from './readings.ts';

type Labels = readonly string[];
type Named = Readonly<Record<string, string>>;

/** A change, and how long it took to be everywhere, ms. */
export interface Known {
  readonly change: Change;
  rollout: number;
  /** It came by the stream of changes that are to be judged. */
  isAsked: boolean;
}

/** A change that is being watched. */
export interface Watched {
  readonly known: Known;
  /** The keys that it may have moved, less those of which it was said. */
  targets: Labels[];
  /** The next look, from 0. */
  look: number;
}

/** Something was wrong from then to then, ms; open while `to` is missing. */
interface Incident {
  readonly id: string;
  readonly labels: Named;
  readonly from: number;
  to: number | undefined;
}

/** What the operator knows beside the metrics themselves. */
export interface Ledger {
  /** Every key that has readings, by its values. */
  readonly live: Map<string, Labels>;
  readonly changes: Known[];
  readonly watched: Watched[];
  readonly incidents: Incident[];
  /** The readings where there is no `by`. */
  alone: Readings | undefined;
}

const mostChanges = 512;
const mostWatched = 64;
const mostIncidents = 256;

export function emptyLedger(): Ledger {
  return { live: new Map(), changes: [], watched: [], incidents: [], alone: undefined };
}

/**
 * Takes a change up. One of the same kind, version and labels within `within` ms of another is a
 * further step of the same rollout, and answered as that. `isFull` when the oldest had to go.
 */
export function noteChange(
  ledger: Ledger,
  event: Event,
  within: number,
): { readonly known: Known; readonly isFull: boolean } {
  const change = asChange(event);
  const same = ledger.changes.find((one) => isSameRollout(one, change, within));
  if (same) {
    same.rollout = Math.max(same.rollout, change.time - same.change.time);
    return { known: same, isFull: false };
  }
  const known = { change, rollout: 0, isAsked: false };
  ledger.changes.push(known);
  return { known, isFull: trim(ledger.changes, mostChanges) };
}

/** Watches a change over these keys. True when the oldest had to go. */
export function watch(ledger: Ledger, watched: Watched): boolean {
  ledger.watched.push(watched);
  return trim(ledger.watched, mostWatched);
}

/**
 * Takes note of what else happened: changes that nobody asked about (a flag, a setting), and
 * incidents. True when the oldest had to go.
 */
export function noteFact(ledger: Ledger, event: Event, within: number): boolean {
  // A merge changes nothing that runs.
  const isChange = changeOf(event) && !event.type.startsWith('dev.cdevents.change.');
  if (isChange) return noteChange(ledger, event, within).isFull;
  const incident = incidentKind.exec(event.type)?.[1];
  if (incident === undefined) return false;
  const id = event.subject ?? event.id;
  const open = ledger.incidents.find((one) => one.id === id && one.to === undefined);
  const { labels, time } = asChange(event);
  if (incident === 'resolved') {
    if (open) open.to = time;
    return false;
  }
  if (open) return false;
  ledger.incidents.push({ id, labels, from: time, to: undefined });
  return trim(ledger.incidents, mostIncidents);
}

/** Alerts are not among them: a disk that has been filling up for weeks would leave no history. */
const incidentKind = /^dev\.cdevents\.incident\.(detected|reported|resolved)(?:\.|$)/;

/** What the history of a key must not be judged by: other changes for as long as they are watched, and incidents. */
export function spansToSkip(
  { changes, incidents }: Ledger,
  key: Named,
  {
    known,
    on,
    observe,
    late,
    until,
  }: { known: Known; on: Labels; observe: number; late: number; until: number },
): readonly (Span & { readonly what: string })[] {
  return [
    ...changes
      .filter((one) => !isSame(one.change, known.change) && share(one.change.labels, key, on))
      .map(({ change, rollout }) => ({
        from: change.time - late,
        to: change.time + rollout + observe,
        what: change.what,
      })),
    ...incidents
      .filter(({ labels }) => share(labels, key, on))
      .map(({ id, from, to = until }) => ({ from, to, what: `incident ${id}` })),
  ];
}

function isSameRollout({ change, rollout }: Known, other: Change, within: number): boolean {
  if (isSame(change, other)) return true;
  const end = change.time + rollout;
  return (
    change.type === other.type &&
    change.version !== undefined &&
    change.version === other.version &&
    other.time >= change.time &&
    other.time <= end + within &&
    ['service', 'environment', 'host'].every((name) => change.labels[name] === other.labels[name])
  );
}

function isSame(one: Change, other: Change): boolean {
  return one.id === other.id && one.source === other.source;
}

/** Lets go of the oldest beyond `most`; true when there were any. */
function trim(list: unknown[], most: number): boolean {
  const over = list.length - most;
  if (over > 0) list.splice(0, over);
  return over > 0;
}
