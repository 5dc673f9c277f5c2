/** How one attempt to send ended. A value: the queue decides what to do about it. */
export type Outcome =
  | { readonly sent: true }
  | {
      readonly sent: false;
      /** In words, for the log of notifications; holds no secret. */
      readonly why: string;
      /** Trying again would not help. */
      readonly final: boolean;
      /** When the receiver asked to be left alone, ms. */
      readonly retryAfter?: number;
    };

export function failed(why: string, more: { final?: boolean; retryAfter?: number } = {}): Outcome {
  const { final = false, retryAfter } = more;
  return { sent: false, why, final, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

const firstMs = 5_000;
const longestMs = 600_000;

/**
 * How long to wait after so many failures in a row, ms: doubling from 5 s to 10 min, of which
 * `jitter` (0 to 1) takes up to a half away, so that many that failed together do not come together.
 */
export function waitAfter(failures: number, jitter: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (1 - jitter / 2));
}
