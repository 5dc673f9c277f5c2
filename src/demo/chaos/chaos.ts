import { type ChaosKind, chaosNamed } from '../../rooms/demo/chaos.ts';
import { chaosSubject } from '../../rooms/demo/facts.ts';
import type { Chaos, Demo } from '../../server/api/contract-demo.ts';
import type { Company, Part } from '../company.ts';
import { onAsked } from './asked.ts';
import type { Deed, Deeds } from './deeds.ts';
import { deedsOf } from './company-deeds.ts';
import { makeRoom } from './full-disk.ts';
import { tell, tellStarted, tellStopped } from './telling.ts';

/** Does for real what people ask for on the console, and tells what came of it. */
export const runChaos: Part = async (company) => {
  await makeRoom(company);
  await tellStarted(company);
  try {
    await doAsked(company, deedsOf(company));
  } finally {
    await tellStopped(company).catch(() => undefined);
  }
};

/** Asked facts that were acted on and are remembered. */
const maxHandled = 1_000;

/** Does what the room says is asked for, by `deeds`, until the company ends; then undoes it. */
export async function doAsked(company: Company, deeds: Deeds): Promise<void> {
  const doing = new Doing(company, deeds);
  await onAsked(company, async () => {
    const { chaos } = await company.territory.ask<Demo>('GET', '/api/v1/demo');
    for (const one of chaos) doing.consider(one);
  });
  await doing.undo();
}

interface Going {
  readonly ending: AbortController;
  readonly over: Promise<void>;
}

class Doing {
  readonly #company: Company;
  readonly #deeds: Deeds;
  readonly #going = new Map<ChaosKind, Going>();
  readonly #handled = new Set<string>();

  constructor(company: Company, deeds: Deeds) {
    this.#company = company;
    this.#deeds = deeds;
  }

  /** What is asked for begins, what is to end ends; each fact is acted on once. */
  consider({ kind: name, state, ending, eventId }: Chaos): void {
    const kind = chaosNamed(name);
    if (!kind || !eventId) return;
    if (ending) this.#going.get(kind)?.ending.abort();
    if (state !== 'asked' || this.#handled.has(eventId.id) || this.#going.has(kind)) return;
    this.#remember(eventId.id);
    const stop = new AbortController();
    const over = this.#do(kind, stop.signal).finally(() => this.#going.delete(kind));
    this.#going.set(kind, { ending: stop, over });
  }

  /** Ends everything that goes on. */
  async undo(): Promise<void> {
    for (const { ending } of this.#going.values()) ending.abort();
    await Promise.all([...this.#going.values()].map(({ over }) => over));
  }

  async #do(kind: ChaosKind, ending: AbortSignal): Promise<void> {
    try {
      const deed = await this.#deeds[kind](AbortSignal.any([ending, this.#company.signal]));
      const said = await this.#through(kind, deed);
      await this.#tell('demo.chaosended', kind, said);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await this.#tell('demo.chaosfailed', kind, why).catch(() => undefined);
    }
  }

  /** What was done is undone, also when nobody can be told that it was done. */
  async #through(kind: ChaosKind, { said, over }: Deed): Promise<string> {
    const [end] = await Promise.allSettled([over(), this.#tell('demo.chaosbegan', kind, said)]);
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  }

  async #tell(
    happening: 'demo.chaosbegan' | 'demo.chaosended' | 'demo.chaosfailed',
    kind: ChaosKind,
    said: string,
  ): Promise<void> {
    // When the company ends, `demo.stopped` says it for all of them.
    if (this.#company.signal.aborted) return;
    await tell(this.#company, happening, { subject: chaosSubject(kind), data: { kind, said } });
  }

  #remember(id: string): void {
    this.#handled.add(id);
    const [oldest] = this.#handled;
    if (this.#handled.size > maxHandled && oldest !== undefined) this.#handled.delete(oldest);
  }
}
