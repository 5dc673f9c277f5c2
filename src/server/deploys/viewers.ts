import type { ServerResponse } from 'node:http';
import type { LogPiece } from '../api/contract-deploys.ts';
import { apiError } from '../errors.ts';

interface ViewersOptions {
  readonly maxViewers: number;
  /** A comment is sent after this much silence, ms. */
  readonly heartbeat: number;
  /** The deploy as JSON; undefined: it is forgotten. */
  readonly view: (id: string) => Promise<string | undefined>;
  readonly piece: (id: string, offset: number) => Promise<LogPiece>;
  readonly onProblem: (error: unknown) => void;
}

interface Viewer {
  readonly id: string;
  readonly response: ServerResponse;
  readonly stillAllowed: () => boolean;
  /** Bytes of the log that it has. */
  offset: number;
  /** What it was told last. */
  told: string;
  ended: boolean;
  /** It is being told something, or does not read. */
  busy: boolean;
  /** Something happened since it was last told. */
  stale: boolean;
}

/**
 * Everybody who follows a deploy (Server-Sent Events, HTML Living Standard 9.2). Each gets what is
 * there at the moment at which it reads: the deploy as it is now, then the log from where it was. So
 * nothing waits in memory for who does not read, however long that takes.
 */
export class DeployViewers {
  readonly counters = { sent: 0, refused: 0 };
  readonly #options: ViewersOptions;
  readonly #viewers = new Set<Viewer>();
  readonly #beat: NodeJS.Timeout;
  #closed = false;

  constructor(options: ViewersOptions) {
    this.#options = options;
    this.#beat = setInterval(() => this.#heartbeat(), options.heartbeat).unref();
  }

  get count(): number {
    return this.#viewers.size;
  }

  /** Throws TERR_API_TOO_MANY_TAILS. */
  admit(): void {
    if (!this.#closed && this.#viewers.size < this.#options.maxViewers) return;
    this.counters.refused++;
    throw apiError(
      'TOO_MANY_TAILS',
      this.#closed
        ? 'the server is stopping; connect again'
        : `${this.#options.maxViewers} pages follow deploys; close one or try again later`,
      { retryAfter: 5 },
    );
  }

  /** Serves one viewer until it leaves. `offset`: bytes of the log that it has. */
  serve(
    response: ServerResponse,
    {
      id,
      offset,
      headers,
      stillAllowed,
    }: Pick<Viewer, 'id' | 'offset' | 'stillAllowed'> & {
      readonly headers: Readonly<Record<string, string>>;
    },
  ): void {
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // nginx would collect events otherwise.
      'x-accel-buffering': 'no',
    });
    const state = { told: '', ended: false, busy: false, stale: false };
    const viewer: Viewer = { id, response, offset, stillAllowed, ...state };
    this.#viewers.add(viewer);
    response.on('close', () => this.#viewers.delete(viewer));
    response.write('retry: 1000\n\n');
    this.#refresh(viewer);
  }

  /** Something happened to a deploy, or came into its log. */
  changed(id: string): void {
    for (const viewer of this.#viewers) if (viewer.id === id) this.#refresh(viewer);
  }

  /** Something may have happened to any. */
  allChanged(): void {
    for (const viewer of this.#viewers) this.#refresh(viewer);
  }

  /** Ends all; browsers connect again by themselves. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#beat);
    for (const { response } of this.#viewers) response.end();
  }

  #refresh(viewer: Viewer): void {
    viewer.stale = true;
    if (viewer.busy) return;
    viewer.busy = true;
    void this.#tell(viewer)
      .catch((error: unknown) => {
        this.#options.onProblem(error);
        viewer.response.destroy();
      })
      .finally(() => {
        viewer.busy = false;
        // It came between the last look and now.
        if (viewer.stale && !viewer.response.destroyed) this.#refresh(viewer);
      });
  }

  async #tell(viewer: Viewer): Promise<void> {
    while (viewer.stale && !viewer.response.destroyed) {
      viewer.stale = false;
      // oxlint-disable-next-line no-await-in-loop -- as fast as it reads
      await this.#tellDeploy(viewer);
      // oxlint-disable-next-line no-await-in-loop -- behind what it is the log of
      await this.#tellLog(viewer);
    }
  }

  async #tellDeploy(viewer: Viewer): Promise<void> {
    const view = await this.#options.view(viewer.id);
    if (view === undefined) {
      viewer.response.end();
      return;
    }
    if (view === viewer.told) return;
    viewer.told = view;
    await this.#write(viewer, `event: deploy\ndata: ${view}\n\n`);
  }

  async #tellLog(viewer: Viewer): Promise<void> {
    while (!viewer.response.destroyed && !viewer.ended) {
      // oxlint-disable-next-line no-await-in-loop -- piece by piece, as fast as it reads
      const piece = await this.#options.piece(viewer.id, viewer.offset);
      if (piece.text === '' && !piece.ended) return;
      viewer.offset = piece.next;
      viewer.ended = piece.ended;
      const data = JSON.stringify(piece);
      // oxlint-disable-next-line no-await-in-loop -- one behind the other
      await this.#write(viewer, `id: ${piece.next}\nevent: log\ndata: ${data}\n\n`);
    }
  }

  /** Resolves when there is room for more. */
  #write({ response }: Viewer, text: string): Promise<void> {
    this.counters.sent++;
    if (response.destroyed || response.write(text)) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        response.off('drain', go).off('close', go);
        resolve();
      };
      response.on('drain', go).on('close', go);
    });
  }

  /** Also the moment at which those are sent away who may not read any more. */
  #heartbeat(): void {
    for (const { response, stillAllowed, busy } of this.#viewers) {
      if (!stillAllowed()) response.end();
      else if (!busy && !response.destroyed) response.write(': still here\n\n');
    }
  }
}
