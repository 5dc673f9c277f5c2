type Listener = () => void;
/** What one may listen to, beside the health of one id. */
export type Topic = 'model' | 'state' | 'freshest' | 'health';

/** Who is to be told of what; knows when the first one comes and the last one goes. */
export class Listeners {
  readonly #of = new Map<string, Set<Listener>>();
  readonly #on: { readonly first: () => void; readonly last: () => void };
  #count = 0;

  constructor(on: { readonly first: () => void; readonly last: () => void }) {
    this.#on = on;
  }

  readonly on = (topic: Topic, listener: Listener): Listener => this.#add([topic], listener);

  /** To the health of these nodes and processes. */
  readonly onHealth = (ids: readonly string[], listener: Listener): Listener =>
    this.#add(
      ids.map((id) => `health/${id}`),
      listener,
    );

  tell(topic: Topic): void {
    this.#tellAll([topic]);
  }

  /** Each listener once, however many of its ids have changed. */
  tellHealth(ids: readonly string[]): void {
    if (ids.length > 0) this.#tellAll(['health', ...ids.map((id) => `health/${id}`)]);
  }

  #tellAll(keys: readonly string[]): void {
    const told = new Set<Listener>();
    for (const key of keys) for (const each of this.#of.get(key) ?? []) told.add(each);
    for (const each of told) each();
  }

  #add(keys: readonly string[], listener: Listener): Listener {
    for (const key of keys) {
      const known = this.#of.get(key);
      if (known) known.add(listener);
      else this.#of.set(key, new Set([listener]));
    }
    if (this.#count++ === 0) this.#on.first();
    let isOn = true;
    return () => {
      if (!isOn) return;
      isOn = false;
      for (const key of keys) {
        const known = this.#of.get(key);
        known?.delete(listener);
        if (known?.size === 0) this.#of.delete(key);
      }
      if (--this.#count === 0) this.#on.last();
    };
  }
}
