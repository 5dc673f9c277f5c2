/** Who sends: what the server made of a request's token or session. */
export interface Sender {
  /** Name of the token or user; part of the default source, never the secret. */
  readonly name: string;
  /** The source of events that name none: a URI reference such as `/tokens/ci`. */
  readonly source: string;
  /** Whether it may send events of this type under this source. */
  readonly maySend: (type: string, source: string) => boolean;
  /** True when `maySend` allows everything, so that it need not be asked for every event. */
  readonly unrestricted: boolean;
}

/** What one intake has done since the start. Reasons are error codes. */
export interface IntakeCounters {
  readonly protocol: string;
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly refusedBy: Readonly<Record<string, number>>;
}
