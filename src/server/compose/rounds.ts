/** Something that is done again and again until it is stopped. */
export interface Rounds {
  /** Resolves when the round under way has ended; there is none after it. */
  readonly stop: () => Promise<void>;
}

/**
 * Runs `round` at once and then `every` ms after the end of the one before. A round that fails is
 * told to `onError` and does not end the rounds.
 */
export function rounds(
  every: number,
  round: () => unknown,
  onError: (error: unknown) => void,
): Rounds {
  let stopped = false;
  let wake = (): void => undefined;
  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        await round();
      } catch (error) {
        onError(error);
      }
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, every);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  return {
    stop: () => {
      stopped = true;
      wake();
      return running;
    },
  };
}
