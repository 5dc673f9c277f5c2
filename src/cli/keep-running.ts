import type { Context } from './context.ts';
import type { Changes } from './rules/changes.ts';

/** Runs again at each change until it is interrupted. What is wrong may be put right by the next save. */
export async function keepRunning(
  changes: Changes,
  run: () => Promise<unknown>,
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
): Promise<void> {
  try {
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one run after the other
        await run();
      } catch (error) {
        signal.throwIfAborted();
        terminal.say(error instanceof Error ? error.message : String(error));
      }
      terminal.say('waiting for a change; Ctrl-C ends');
      // oxlint-disable-next-line no-await-in-loop
      await changes.next(signal);
    }
  } finally {
    changes.close();
  }
}
