/**
 * The services of the spans that came last: by them a span learns who its parent is, when that came
 * from another service. Bounded; the oldest gives way.
 */
export class ServicesOfSpans {
  readonly #limit: number;
  readonly #services = new Map<string, string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  of(traceId: string, spanId: string): string | undefined {
    return spanId === '' ? undefined : this.#services.get(traceId + spanId);
  }

  put(traceId: string, spanId: string, service: string): void {
    this.#services.set(traceId + spanId, service);
    if (this.#services.size <= this.#limit) return;
    const [oldest] = this.#services.keys();
    if (oldest !== undefined) this.#services.delete(oldest);
  }
}
