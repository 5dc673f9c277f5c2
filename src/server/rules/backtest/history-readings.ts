import type { PlacedEvent } from '../../../event/codec.ts';
import type { HistoryPage, PageRequest } from './messages.ts';

/** So many events a backtest takes out of history; they come some 10,000 at a time. */
const most = 5_000_000;

interface Span {
  readonly from: number;
  readonly to: number;
}

type Ask = (request: PageRequest) => Promise<HistoryPage>;

/** Readings that have left the log, asked of history page by page, by the time of their happening. */
export class HistoryReadings {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** From when on history has readings of a span, ms; its end when it has none. */
  async begins({ from, to }: Span): Promise<number> {
    const { oldest } = await this.#page({ kind: 'page', from, to: from });
    return Math.min(oldest ?? to, to);
  }

  /**
   * @param before offset: from it on the log has them itself
   * @param cut told from when on (ms) events are left out, when there are too many
   */
  async *read(
    { from, to }: Span,
    before: number,
    cut: (from: number) => void,
  ): AsyncGenerator<readonly PlacedEvent[]> {
    let taken = 0;
    let cursor: string | undefined;
    do {
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      const page: HistoryPage = await this.#page({
        kind: 'page',
        from,
        to,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const events = (JSON.parse(page.events) as PlacedEvent[]) // as the main thread wrote it
        .filter(({ stream, offset }) => stream === 'readings' && offset < before)
        // As if each had arrived when it happened: history knows no order of arrival.
        .map((event) => ({ ...event, received: event.time }));
      taken += events.length;
      yield events;
      cursor = page.next;
      if (cursor !== undefined && taken >= most) {
        cut(events.at(-1)?.time ?? from);
        return;
      }
    } while (cursor !== undefined);
  }

  async #page(request: PageRequest): Promise<HistoryPage> {
    const page = await this.#ask(request);
    if (page.failed !== undefined) throw new Error(page.failed);
    return page;
  }
}
