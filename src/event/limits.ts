const day = 86_400_000;

/** How large an event may be and how far its time may be off. Lengths are UTF-16 units. */
export interface EventLimits {
  /** Of id, type, source, subject, service, host, environment, name and state. */
  readonly textLength: number;
  readonly tags: number;
  readonly tagLength: number;
  readonly attributes: number;
  readonly attributeNameLength: number;
  readonly attributeLength: number;
  /** How deep `data` may nest; deeper values cannot be encoded without risk to the stack. */
  readonly dataDepth: number;
  /** UTF-8 bytes of the encoded event. */
  readonly eventBytes: number;
  /** The earliest time of a fact: ms since the epoch, UTC. */
  readonly oldestFact: number;
  /** How old a reading may be, ms. */
  readonly readingAge: number;
  /** How far ahead of our clock a time may be, ms. */
  readonly future: number;
}

export const defaultLimits: EventLimits = {
  textLength: 1024,
  tags: 64,
  tagLength: 256,
  attributes: 128,
  attributeNameLength: 256,
  attributeLength: 8192,
  dataDepth: 64,
  eventBytes: 1024 * 1024,
  oldestFact: Date.UTC(1980, 0, 1),
  readingAge: 400 * day,
  future: day,
};
