import type { Cookies } from './cookies.ts';
import { Unknown } from './failed.ts';
import { Hidden } from './hidden.ts';
import type { Answer } from './http.ts';
import type { Outbound } from './outbound.ts';
import type { Browsers, ReleaseSeen, StreamQuestions } from './ports.ts';
import type { Performance } from './result.ts';

/** What scenarios are run with. */
export interface Surroundings {
  /** What paths are relative to, and what applications are by their names. */
  readonly base: string | undefined;
  /** The address of an application by its name; where there is none, `base` stands for it. */
  readonly application?: (name: string) => string | undefined;
  readonly outbound: Outbound;
  /** The value of a secret by its name. */
  readonly secret: (name: string) => string | undefined;
  /** Name of the environment that it is run against. */
  readonly environment?: string;
  /** What it is run for. */
  readonly release?: ReleaseSeen;
  readonly stream?: StreamQuestions;
  readonly browsers?: Browsers;
  /** The address of a data source by its name, with its password: `postgresql://…`. */
  readonly datasource?: (name: string) => string | undefined;
  /** The text of a file beside the feature. Throws Unknown. */
  readonly file?: (path: string) => Promise<string>;
}

/**
 * What the steps of one group keep between them in a scenario: made when one of them first asks,
 * ended with the scenario.
 */
export interface Part<T> {
  readonly make: (world: World) => T;
  readonly end?: (part: T) => Promise<void> | void;
}

interface Held {
  readonly part: unknown;
  readonly end: () => Promise<void>;
}

/** What the steps of one scenario know of each other. */
export class World {
  readonly headers = new Map<string, string>();
  /** What stands for its name in braces in the steps that follow. */
  readonly remembered = new Map<string, string>();
  /** Of each step, in ms. */
  timeout = 10_000;
  base: string | undefined;
  /** Name of the host that is asked for, where it is not the one that is connected to. */
  host: string | undefined;
  /** A certificate authority beside the known ones, as PEM. */
  authority: string | undefined;
  /** What is kept of cookies; undefined: they are not. */
  cookies: Cookies | undefined;
  benchmarkFrom: number | undefined;
  answer: Answer | undefined;
  readonly outbound: Outbound;
  /** What was measured, with its limits. */
  readonly performance: Performance[] = [];
  /** So far back did its steps look at what came in, ms: it says nothing of what is younger. */
  lookbackMs = 0;
  /** Limits of "ideally" that were passed, in words: the scenario passes with a warning. */
  readonly warnings: string[] = [];
  /** Takes a PNG of what was seen when a step failed; set by steps that can. */
  picture: (() => Promise<Uint8Array>) | undefined;
  readonly surroundings: Surroundings;
  /** Of the step that runs. */
  signal: AbortSignal;
  #firstOrigin: string | undefined;
  readonly #parts = new Map<object, Held>();
  readonly #secret: Surroundings['secret'];
  readonly #hidden = new Hidden();

  constructor(surroundings: Surroundings, signal: AbortSignal) {
    const { base, outbound, secret } = surroundings;
    this.surroundings = surroundings;
    this.base = base;
    this.outbound = outbound;
    this.#secret = secret;
    this.signal = signal;
  }

  /** What steps of one group keep between them. */
  part<T>(part: Part<T>): T {
    const known = this.#parts.get(part);
    if (known) return known.part as T;
    const made = part.make(this);
    this.#parts.set(part, { part: made, end: async () => part.end?.(made) });
    return made;
  }

  /** Ends what the parts hold. What fails to end keeps no other from it. */
  async end(): Promise<void> {
    const all = [...this.#parts.values()];
    this.#parts.clear();
    await Promise.allSettled(all.map(async ({ end }) => end()));
  }

  /** Throws Unknown where there is none. It is hidden in all that is told from now on. */
  secret(name: string): string {
    const value = this.#secret(name);
    if (value === undefined) throw new Unknown(`there is no secret "${name}" here`);
    this.#hidden.add(value);
    return value;
  }

  /** Hides another form of a secret. */
  hide(text: string): void {
    this.#hidden.add(text);
  }

  /** Without secrets, and at most 2 KiB. */
  told(text: string): string {
    return this.#hidden.without(text).slice(0, 2048);
  }

  /**
   * The server that headers are set for: the one that is tested, or else the first that was asked.
   * Others are not told them, whoever leads there: a redirect, a link, an address in an answer.
   */
  ownOrigin(asked: URL): string {
    if (this.base !== undefined && URL.canParse(this.base)) return new URL(this.base).origin;
    this.#firstOrigin ??= asked.origin;
    return this.#firstOrigin;
  }

  /** The answer that assertions are about. Throws Unknown before there is one. */
  get seen(): Answer {
    if (!this.answer) throw new Unknown('nothing was visited before this step');
    return this.answer;
  }

  /** Throws Unknown where it is relative to nothing. */
  address(path: string): URL {
    try {
      return new URL(path, this.base);
    } catch {
      throw new Unknown(
        this.base === undefined
          ? `"${path}" is relative to nothing: give --base, or say "I am testing" with an address`
          : `"${path}" is no address`,
      );
    }
  }
}
