import { setTimeout as pause } from 'node:timers/promises';
import { typeOf } from '../../rooms/demo/facts.ts';
import type { Company } from '../company.ts';

/** So often is looked whether or not anything was heard, ms: a lost connection costs no more. */
const everyMs = 10_000;
/** Before a lost connection is opened again, ms. */
const againMs = 1_000;

/**
 * Calls `look` at once, after each fact that asks for chaos, and every few seconds; one call after
 * the other. Resolves when `signal` aborts. What stands on the log is only a bell here: what was
 * asked for is read from the room, which knows who may ask.
 */
export async function onAsked(
  { territory, signal, say }: Pick<Company, 'territory' | 'signal' | 'say'>,
  look: () => Promise<void>,
): Promise<void> {
  const bell = new Bell();
  const listening = listen(territory, signal, () => bell.ring());
  while (!signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await look().catch((error: unknown) => {
      if (!signal.aborted) say(`chaos: ${error instanceof Error ? error.message : String(error)}`);
    });
    // oxlint-disable-next-line no-await-in-loop -- until the next
    await bell.rung(everyMs, signal);
  }
  await listening;
}

/** Rung while nobody waits, it lets the next one who waits pass at once. */
class Bell {
  #rung = false;
  #go: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#go?.();
  }

  async rung(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#go = () => (clearTimeout(timer), resolve());
        signal.addEventListener('abort', this.#go, { once: true });
      });
    if (this.#go) signal.removeEventListener('abort', this.#go);
    this.#rung = false;
    this.#go = undefined;
  }
}

async function listen(
  { url, token }: Company['territory'],
  signal: AbortSignal,
  ring: () => void,
): Promise<void> {
  const where = `type = "${typeOf('demo.chaosasked')}"`;
  const address = `${url}/api/v1/tail?${new URLSearchParams({ stream: 'facts', where }).toString()}`;
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
  while (!signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- one connection after the other
    await listenOnce(address, { signal, headers }, ring).catch(() => {
      // The server restarts or the connection broke: both are looked after by asking again.
    });
    // oxlint-disable-next-line no-await-in-loop -- not at once
    await pause(againMs, undefined, { signal }).catch(() => undefined);
  }
}

async function listenOnce(address: string, init: RequestInit, ring: () => void): Promise<void> {
  const { body } = await fetch(address, init);
  for await (const chunk of body ?? [])
    if (Buffer.from(chunk as Uint8Array).includes('data:')) ring();
}
