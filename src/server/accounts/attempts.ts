export interface AttemptLimits {
  /** Failed tries of one name from one address within the window. */
  readonly attempts: number;
  /** ms */
  readonly window: number;
}

interface Tries {
  count: number;
  readonly since: number;
}

/** More keys than this are not remembered; the oldest are forgotten first. */
const maxKeys = 50_000;

/**
 * Counts failed sign-ins. The bound on a name from any address is wide, so that a stranger cannot
 * lock somebody out by failing in their name; the one on (name, address) is narrow.
 */
export class Attempts {
  readonly #limits: AttemptLimits;
  readonly #tries = new Map<string, Tries>();
  #refused = 0;

  constructor(limits: AttemptLimits) {
    this.#limits = limits;
  }

  /** Seconds to wait before this name may be tried from there again; 0: now. */
  wait(name: string, address: string, now: number): number {
    const waits = this.#keys(name, address).map(({ key, max }) => {
      const tries = this.#tries.get(key);
      if (tries === undefined || now - tries.since >= this.#limits.window) return 0;
      return tries.count < max ? 0 : Math.ceil((tries.since + this.#limits.window - now) / 1000);
    });
    const wait = Math.max(...waits);
    if (wait > 0) this.#refused++;
    return wait;
  }

  failed(name: string, address: string, now: number): void {
    for (const { key } of this.#keys(name, address)) {
      const tries = this.#tries.get(key);
      if (tries && now - tries.since < this.#limits.window) tries.count++;
      else this.#remember(key, now);
    }
  }

  succeeded(name: string, address: string): void {
    this.#tries.delete(`both ${name} ${address}`);
  }

  /** How often a sign-in was turned away unheard. */
  get refused(): number {
    return this.#refused;
  }

  #remember(key: string, now: number): void {
    this.#tries.delete(key);
    this.#tries.set(key, { count: 1, since: now });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > maxKeys && oldest !== undefined) this.#tries.delete(oldest);
  }

  #keys(name: string, address: string): { key: string; max: number }[] {
    const { attempts } = this.#limits;
    return [
      { key: `both ${name} ${address}`, max: attempts },
      { key: `address ${address}`, max: attempts * 5 },
      { key: `name ${name}`, max: attempts * 20 },
    ];
  }
}
