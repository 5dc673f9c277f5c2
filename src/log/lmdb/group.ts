import type { StreamName } from '../../event/event.ts';
import { admit, type Admitted, type Request } from '../admission.ts';
import type { IdentityWindow } from '../identity-window.ts';
import type { Appended } from '../log.ts';
import { encodeRecord } from './record.ts';
import { putState, type StreamState } from './state.ts';
import { offsetKey, type Store } from './store.ts';
import { putVersion, readVersion } from './subjects.ts';

/** A record grows by coalescing to about this many bytes of lines. */
const recordBytes = 256 * 1024;

/** A record that is still growing. */
interface Open {
  readonly first: number;
  readonly source: string;
  readonly parts: Admitted[];
  bytes: number;
}

interface Growing {
  state: StreamState;
  record: Open | undefined;
  remembered: number;
}

interface Sealed {
  readonly stream: StreamName;
  readonly first: number;
  readonly value: Buffer;
}

export type Windows = Readonly<Record<StreamName, IdentityWindow>>;
export type States = Readonly<Record<StreamName, StreamState>>;

/**
 * The appends of one commit: consecutive appends of one source become one record. Nothing counts
 * until the commit is durable; then `states` are the new states, otherwise `undo` makes the
 * identities unknown again. Only one group is formed at a time, from durable states, so a group
 * that fails takes no other with it.
 */
export class Group {
  readonly #store: Store;
  readonly #windows: Windows;
  readonly #received: number;
  readonly #streams: Record<StreamName, Growing>;
  readonly #sealed: Sealed[] = [];
  readonly #versions = new Map<string, number>();

  /** @param now ms since the epoch: when the events of this group are taken */
  constructor(store: Store, windows: Windows, states: States, now: number) {
    this.#store = store;
    this.#windows = windows;
    this.#received = Math.floor(now);
    this.#streams = { facts: growing(states.facts), readings: growing(states.readings) };
  }

  /** True when there is nothing to write. */
  get empty(): boolean {
    return this.#sealed.length === 0;
  }

  /** Bytes of all records to write. */
  get size(): number {
    return this.#sealed.reduce((sum, s) => sum + s.value.length, 0);
  }

  get states(): States {
    return { facts: this.#streams.facts.state, readings: this.#streams.readings.state };
  }

  /** Takes an append in; the answer holds once the commit is durable. */
  add(stream: StreamName, request: Request): Appended | { readonly conflict: Error } {
    const growth = this.#streams[stream];
    const admitted = admit(request, this.#windows[stream], this.#version);
    const first = growth.state.next;
    if ('conflict' in admitted) return admitted;
    growth.remembered += admitted.remembered;
    if (admitted.count > 0) this.#grow(stream, request.lines.source, admitted);
    for (const [index, subject] of admitted.subjects) this.#versions.set(subject, first + index);
    return { first, count: admitted.count, duplicates: admitted.duplicates };
  }

  /** No more is added: encodes what is still growing. */
  finish(): void {
    this.#seal('facts');
    this.#seal('readings');
  }

  /** Queues everything into the transaction that is being formed. */
  write(): void {
    for (const { stream, first, value } of this.#sealed)
      void this.#store.streams[stream].put(offsetKey(first), value);
    for (const [subject, offset] of this.#versions) putVersion(this.#store, subject, offset);
    for (const stream of new Set(this.#sealed.map((s) => s.stream)))
      putState(this.#store, stream, this.#streams[stream].state);
  }

  /** The commit failed: what was to be new is new again. */
  undo(): void {
    this.#windows.facts.removeNewest(this.#streams.facts.remembered);
    this.#windows.readings.removeNewest(this.#streams.readings.remembered);
  }

  readonly #version = (subject: string): number =>
    this.#versions.get(subject) ?? readVersion(this.#store, subject);

  #grow(stream: StreamName, source: string, admitted: Admitted): void {
    const growth = this.#streams[stream];
    const size = admitted.bytes.length;
    const { record } = growth;
    if (record !== undefined && (record.source !== source || record.bytes + size > recordBytes))
      this.#seal(stream);
    growth.record ??= { first: growth.state.next, source, parts: [], bytes: 0 };
    growth.record.parts.push(admitted);
    growth.record.bytes += size;
    growth.state = { ...growth.state, next: growth.state.next + admitted.count };
  }

  #seal(stream: StreamName): void {
    const growth = this.#streams[stream];
    const { record, state } = growth;
    if (record === undefined) return;
    const { first, source } = record;
    const received = Math.max(state.received, this.#received);
    const value = encodeRecord({ first, received, position: state.position, source }, record.parts);
    this.#sealed.push({ stream, first, value });
    growth.state = { next: state.next, position: state.position + value.length, received };
    growth.record = undefined;
  }
}

function growing(state: StreamState): Growing {
  return { state, record: undefined, remembered: 0 };
}
