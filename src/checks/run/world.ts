import { Unknown } from './failed.ts';
import type { Answer } from './http.ts';
import type { Outbound } from './outbound.ts';

/** What scenarios are run with. */
export interface Surroundings {
  /** What paths are relative to, and what applications are by their names. */
  readonly base: string | undefined;
  readonly outbound: Outbound;
  /** The value of a secret by its name. */
  readonly secret: (name: string) => string | undefined;
}

/** What the steps of one scenario know of each other. */
export class World {
  readonly headers = new Map<string, string>();
  /** Of each step, in ms. */
  timeout = 10_000;
  base: string | undefined;
  /** Name of the host that is asked for, where it is not the one that is connected to. */
  host: string | undefined;
  /** A certificate authority beside the known ones, as PEM. */
  authority: string | undefined;
  benchmarkFrom: number | undefined;
  /** Measured elapsed time and its limit, in seconds. */
  elapsed: { readonly seconds: number; readonly limit: number } | undefined;
  answer: Answer | undefined;
  readonly outbound: Outbound;
  /** Of the step that runs. */
  signal: AbortSignal;
  readonly #secret: Surroundings['secret'];
  readonly #hidden = new Set<string>();

  constructor({ base, outbound, secret }: Surroundings, signal: AbortSignal) {
    this.base = base;
    this.outbound = outbound;
    this.#secret = secret;
    this.signal = signal;
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
    let shown = text;
    for (const one of this.#hidden) if (one !== '') shown = shown.replaceAll(one, '***');
    return shown.slice(0, 2048);
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
