import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../kit/api.ts';
import { MessageReader } from '../stream/sse.ts';
import { tryFeature } from './api.ts';
import { nothingTried, took, type Trial } from './trying.ts';

export interface TryRun {
  readonly trial: Trial;
  readonly isRunning: boolean;
  readonly error: unknown;
}

const idle: TryRun = { trial: nothingTried, isRunning: false, error: undefined };

/** Runs a text once, and shows its steps as they come. Leaving the page ends it. */
export function useTry() {
  const [run, setRun] = useState<TryRun>();
  const ending = useRef<AbortController>(undefined);
  useEffect(() => () => ending.current?.abort(), []);
  const start = async (asked: Parameters<typeof tryFeature>[0]): Promise<void> => {
    ending.current?.abort();
    const mine = new AbortController();
    ending.current = mine;
    setRun({ ...idle, isRunning: true });
    const update = (change: (was: TryRun) => TryRun): void => {
      if (ending.current === mine) setRun((was) => change(was ?? idle));
    };
    try {
      await read(await tryFeature(asked, mine.signal), (message) =>
        update((was) => ({ ...was, trial: took(was.trial, message) })),
      );
      update((was) => ({ ...was, isRunning: false, error: was.trial.isOver ? undefined : cutOff }));
    } catch (error) {
      update((was) => ({
        ...was,
        isRunning: false,
        error: mine.signal.aborted ? undefined : error,
      }));
    }
  };
  return { run, start, cancel: () => ending.current?.abort() };
}

const cutOff = new ApiError('The answer ended before the run did', undefined, undefined);

async function read(
  { body }: Response,
  onMessage: (message: { readonly event: string; readonly data: string }) => void,
): Promise<void> {
  const messages = new MessageReader();
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- piece after piece
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return;
    for (const message of messages.push(decoder.decode(value, { stream: true })))
      onMessage(message);
  }
}
