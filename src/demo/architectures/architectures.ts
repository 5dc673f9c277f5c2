import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ArchitectureName, architectureReading } from '../../rooms/demo/architectures.ts';
import { tellerSource } from '../chaos/telling.ts';
import type { Company, Part } from '../company.ts';
import { Given, Ledger } from './ledger.ts';
import { Published } from './published.ts';
import {
  EncoderStarts,
  type Sight,
  lookAtProcesses,
  lookAtProgram,
  lookAtThreads,
} from './sights.ts';
import { SinceBegin, SinceStarts } from './since.ts';

/** So often is counted, ms. */
const everyMs = 2_000;

/**
 * Tells how the three architectures stand: what each says itself, and what came out of what the feeds
 * gave since this began.
 */
export const runArchitectures: Part = async (company) => {
  const { signal } = company;
  const counting = await Counting.from(company);
  while (!signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const readings = await counting.look();
    // A server that restarts loses two seconds of this, and nothing else.
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await company.territory.ask('POST', '/api/v1/events', readings).catch(() => undefined);
    // oxlint-disable-next-line no-await-in-loop -- not at once
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
};

type Look = () => Promise<Sight>;

/** Counts for all three, from one moment on. */
export class Counting {
  readonly #company: Company;
  readonly #given: Given;
  readonly #looks: Readonly<Record<ArchitectureName, Look>>;
  readonly #ledgers: readonly Ledger[];

  private constructor(company: Company, given: Given, ledgers: readonly [Ledger, Ledger]) {
    this.#company = company;
    this.#given = given;
    this.#ledgers = ledgers;
    const { ports } = company;
    const { oneProgram, threads } = ports.architectures;
    const [ofProgram, ofThreads] = ledgers;
    const [sinceStarts, sinceBegin, starts] = [
      new SinceStarts(['imported']),
      new SinceBegin(),
      new EncoderStarts(),
    ];
    this.#looks = {
      'one-program': async () =>
        this.#outside('one-program', await lookAtProgram(oneProgram), ofProgram),
      threads: async () => {
        const sight = await lookAtThreads(threads);
        return this.#outside('threads', sinceStarts.of(sight), ofThreads);
      },
      processes: async () => {
        const restarts = await starts.look(ports.encoders);
        const { counts, sees } = sinceBegin.of(await lookAtProcesses(ports));
        return { counts: { ...counts, restarts }, sees };
      },
    };
  }

  /** Throws an Error when the feeds do not answer. */
  static async from(company: Company): Promise<Counting> {
    const folder = company.places.architectures;
    const published = async (name: string): Promise<Published> =>
      Published.from(join(folder, name, 'published.jsonl'));
    const given = await Given.from(company.ports.feeds);
    return new Counting(company, given, [
      new Ledger(await published('one-program'), 0),
      // Two threads make pictures: one may overtake the other.
      new Ledger(await published('threads'), 1),
    ]);
  }

  /** How all three stand, as readings. */
  async look(): Promise<readonly object[]> {
    // While the feeds do not answer, what they gave before is compared.
    await this.#given.readOn().catch(() => undefined);
    const names = Object.keys(this.#looks) as ArchitectureName[]; // its keys
    const sights = await Promise.all(
      names.map(async (name) => ({ name, sight: await this.#looks[name]() })),
    );
    const old = this.#given.takeOld();
    for (const ledger of this.#ledgers) ledger.settle(old);
    const time = this.#company.now();
    return sights.flatMap(({ name, sight }) => readingsOf(name, sight, time));
  }

  async #outside(name: string, { counts, sees }: Sight, ledger: Ledger): Promise<Sight> {
    const outcome = await ledger.outcome(this.#given.items);
    const restarts = this.#company.processes.named(name)?.restarts();
    return {
      counts: { ...counts, ...outcome, ...(restarts !== undefined && { restarts }) },
      sees: [...sees, 'what it has published'],
    };
  }
}

/** s until what was told is no news any more. */
const ttl = 15;

function readingsOf(name: ArchitectureName, { counts, sees }: Sight, time: number): object[] {
  const about = {
    source: tellerSource,
    service: name,
    time,
    ttl,
    attributes: { architecture: name },
  };
  return [
    { ...about, type: architectureReading, name: architectureReading, data: { ...counts, sees } },
    ...Object.entries(counts).map(([count, metric]) => ({
      ...about,
      type: 'metric',
      name: `newsroom.items.${count.toLowerCase()}`,
      metric,
    })),
  ];
}
