/** What a run is about to load. */
export interface Place {
  /** The server that is asked, `https://shop.example`; undefined: nobody. */
  readonly target: string | undefined;
  /** It measures: nothing else is to be asked of its target meanwhile. */
  readonly isAlone: boolean;
}

/** How many may run at once. */
export interface Widths {
  readonly all: number;
  readonly target: number;
  readonly host: number;
}

/** A target that hangs holds its places as long as steps may take, and the rest of its checks wait. */
const usual: Widths = { all: 128, target: 16, host: 32 };

interface Waiting {
  readonly lanes: readonly string[];
  readonly isAlone: boolean;
  /** It has a place. */
  readonly enter: (leave: () => void) => void;
}

interface Lane {
  readonly width: number;
  used: number;
  /** One that is alone in it. */
  isTaken: boolean;
}

/**
 * Places to run in, by target and by host, so that a target that hangs keeps nobody but those that
 * ask it from running. First come, first served in each lane; one that measures waits until its
 * target's lane is empty, and those that come after it wait for it.
 */
export class Lanes {
  readonly #widths: Widths;
  readonly #lanes = new Map<string, Lane>();
  readonly #waiting = new Set<Waiting>();

  constructor(widths: Partial<Widths> = {}) {
    this.#widths = { ...usual, ...widths };
  }

  /**
   * Runs it when there is a place, and gives what it gives. Gives `noPlace` where there is none up
   * to `patience` ms from now.
   */
  async run<T>(
    place: Place,
    patience: number,
    work: () => Promise<T>,
  ): Promise<T | typeof noPlace> {
    const leave = await this.#enter(place, patience);
    if (!leave) return noPlace;
    try {
      return await work();
    } finally {
      leave();
    }
  }

  async #enter(place: Place, patience: number): Promise<(() => void) | undefined> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const waiting: Waiting = {
        lanes: lanesOf(place),
        isAlone: place.isAlone && place.target !== undefined,
        enter: (leave) => {
          clearTimeout(timer);
          resolve(leave);
        },
      };
      this.#waiting.add(waiting);
      this.#admit();
      if (!this.#waiting.has(waiting)) return;
      timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        resolve(undefined);
        // It may have held others up.
        this.#admit();
      }, patience);
    });
  }

  /** Lets in who has a place, in the order in which they came. */
  #admit(): void {
    const closed = new Set<string>();
    for (const waiting of this.#waiting) {
      if (closed.has('all')) return;
      const full = waiting.lanes.filter((name) => closed.has(name) || !this.#has(name, waiting));
      for (const name of full) closed.add(name);
      if (full.length > 0) continue;
      this.#waiting.delete(waiting);
      this.#take(waiting);
    }
  }

  #has(name: string, { lanes, isAlone }: Waiting): boolean {
    const lane = this.#lanes.get(name);
    if (!lane) return true;
    // The first is the target's.
    if (isAlone && name === lanes[0]) return lane.used === 0;
    return !lane.isTaken && lane.used < lane.width;
  }

  #take({ lanes, isAlone, enter }: Waiting): void {
    const taken = lanes.map((name) => [name, this.#laneNamed(name)] as const);
    for (const [, lane] of taken) lane.used++;
    const own = taken[0]?.[1];
    if (own && isAlone) own.isTaken = true;
    enter(() => {
      if (own && isAlone) own.isTaken = false;
      for (const [name, lane] of taken) if (--lane.used === 0) this.#lanes.delete(name);
      this.#admit();
    });
  }

  #laneNamed(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known) return known;
    const [kind = ''] = name.split(' ');
    const width = this.#widths[kind as keyof Widths];
    const lane = { width, used: 0, isTaken: false };
    this.#lanes.set(name, lane);
    return lane;
  }
}

/** There was no place in time. */
export const noPlace = Symbol('no place');

function lanesOf({ target }: Place): readonly string[] {
  if (target === undefined) return ['all'];
  return [`target ${target}`, `host ${hostOf(target)}`, 'all'];
}

function hostOf(target: string): string {
  try {
    return new URL(target).hostname;
  } catch {
    return target;
  }
}
