import { streamElsewhere } from '../../checks/run/asked-stream.ts';
import type { StreamQuestions } from '../../checks/run/ports.ts';
import type { ConnectionOptions, Surrounded } from '../connection.ts';

/**
 * What came in, asked of the server that commands talk to. It is looked for at the first question,
 * and what asks is loaded then: features that ask nothing of it need no server, and start sooner.
 */
export function streamOfServer(
  options: ConnectionOptions,
  around: Surrounded,
): (environment: string) => StreamQuestions {
  return (environment) =>
    streamElsewhere({
      environment,
      now: Date.now,
      ask: async (asked, signal) => {
        const { askServer } = await import('./stream-of-server.ts');
        const both = AbortSignal.any([around.signal, signal]);
        return askServer(asked, options, { ...around, signal: both });
      },
    });
}
