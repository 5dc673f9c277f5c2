/** Any value that JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * One thing that happened or one reading of something. CloudEvents at every edge, this compact
 * shape inside. `(source, id)` is its identity (CloudEvents 1.0.2, "id"): a second event with the
 * same identity is a duplicate and is dropped.
 */
export interface Event {
  /** Unique per source. Where the producer sent none, `<stream>-<offset>` of its place in the log. */
  readonly id: string;
  /** When it happened: ms since the epoch, UTC. */
  readonly time: number;
  /** `metric`, `log`, `dev.cdevents.service.deployed.0.3.0`, … */
  readonly type: string;
  /** URI reference of the producer. */
  readonly source: string;
  /** What it is about; facts are ordered by it for optimistic concurrency. */
  readonly subject?: string;
  /** OpenTelemetry `service.name`. */
  readonly service?: string;
  /** OpenTelemetry `host.name`. */
  readonly host?: string;
  /** OpenTelemetry `deployment.environment.name`. */
  readonly environment?: string;
  /** Name of a metric or of a check. */
  readonly name?: string;
  /** `ok`, `warning`, `critical`, `unknown` (Nagios), or the producer's own word. */
  readonly state?: string;
  /** The reading itself; always finite. */
  readonly metric?: number;
  /** Seconds until a reading is stale. */
  readonly ttl?: number;
  readonly tags?: readonly string[];
  /** Everything else that is flat; OpenTelemetry attribute names where they exist. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** The CloudEvents payload, kept as it came. */
  readonly data?: Json;
  /** When we took it: ms since the epoch, UTC. Stamped by the log's appender, never by a sender. */
  readonly received: number;
}

/**
 * What a sender hands over: an event without its place in the log. What is missing is filled in:
 * `id` from the offset, `time` from `received`, `source` from the sender's token.
 */
export type Draft = Omit<Event, 'id' | 'time' | 'source' | 'received'> &
  Partial<Pick<Event, 'id' | 'time' | 'source'>>;

/**
 * The two streams of the log. `facts` are what people will want in five years: few, kept for
 * ever. `readings` repeat: many, kept for days in the log and longer in history.
 */
export type StreamName = 'facts' | 'readings';

export const streamNames: readonly StreamName[] = ['facts', 'readings'];

/** The stream that an event of this type belongs to: every CDEvent is a fact, all else a reading. */
export function streamOf(type: string): StreamName {
  return type.startsWith('dev.cdevents.') || type.startsWith('dev.cdeventsx.')
    ? 'facts'
    : 'readings';
}

/** The fields of an event that are plain text, in the order in which they are stored. */
export const textFields = [
  'id',
  'type',
  'source',
  'subject',
  'service',
  'host',
  'environment',
  'name',
  'state',
] as const;

export type TextField = (typeof textFields)[number];
