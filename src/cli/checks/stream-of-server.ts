import { Value } from 'typebox/value';
import type { StreamAnswer, StreamAsked } from '../../checks/run/asked-stream.ts';
import { Unknown } from '../../checks/run/failed.ts';
import { StreamAnswerBody } from '../../server/api/contract-checks-stream.ts';
import { call } from '../api.ts';
import { type ConnectionOptions, type Surrounded, connect } from '../connection.ts';

/** Asks the server that commands talk to. Throws Unknown where it does not answer. */
export async function askServer(
  asked: StreamAsked,
  options: ConnectionOptions,
  around: Surrounded,
): Promise<StreamAnswer> {
  try {
    const answer = await call(connect(options, around), {
      method: 'POST',
      path: 'api/v1/checks/stream',
      json: asked,
    });
    if (Value.Check(StreamAnswerBody, answer)) return answer;
    throw new Error('it does not answer as a Territory does');
  } catch (error) {
    around.signal.throwIfAborted();
    const words = error instanceof Error ? error.message : String(error);
    throw new Unknown(`the server that knows what came in: ${words}`, { cause: error });
  }
}
