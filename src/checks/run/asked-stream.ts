import { Unknown } from './failed.ts';
import type { StreamQuestions } from './ports.ts';

/** A question to the stream as it goes to another thread or by HTTP. */
export interface StreamAsked {
  readonly environment: string;
  readonly name: 'value' | 'unit' | 'values' | 'coverage' | 'deploys' | 'accessed';
  /** As the port has them, without the signal. */
  readonly given: readonly unknown[];
}

export type StreamAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: string };

interface Elsewhere {
  readonly environment: string;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly ask: (asked: StreamAsked, signal: AbortSignal) => Promise<StreamAnswer>;
}

/** The port of who answers elsewhere: both sides have the same one. */
export function streamElsewhere({ environment, now, ask }: Elsewhere): StreamQuestions {
  const asked = async <T>(
    name: StreamAsked['name'],
    given: readonly unknown[],
    signal: AbortSignal,
  ): Promise<T> => {
    const answer = await ask({ environment, name, given }, signal);
    if (answer.ok) return answer.value as T;
    throw new Unknown(answer.why);
  };
  return {
    now,
    value: async (window, aggregate, signal) => asked('value', [window, aggregate], signal),
    unit: async (window, signal) => asked('unit', [window], signal),
    values: async (window, limit, signal) => asked('values', [window, limit], signal),
    coverage: async (window, signal) => asked('coverage', [window], signal),
    deploys: async (application, signal) => asked('deploys', [application], signal),
    accessed: async (from, to, signal) => asked('accessed', [from, to], signal),
  };
}

/** Answers for who asked from elsewhere. Never rejects. */
export async function answerStream(
  port: StreamQuestions,
  { name, given }: Pick<StreamAsked, 'name' | 'given'>,
  signal: AbortSignal,
): Promise<StreamAnswer> {
  try {
    // The other side is typed by the same port.
    const call = port[name] as ((...all: readonly unknown[]) => Promise<unknown>) | undefined;
    if (!call) return { ok: false, why: `${name} can not be asked here` };
    return { ok: true, value: await call(...given, signal) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}
