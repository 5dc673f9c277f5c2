import type { IncomingMessage } from 'node:http';
import { Delivery } from '../../intake/delivery.ts';
import { Door } from '../../intake/http/door.ts';
import { Budget } from '../../intake/http/budget.ts';
import type { HttpProtocol } from '../../intake/http/protocol.ts';
import type { HttpIntake } from '../../intake/http/http-intake.ts';
import type { IntakeCounters } from '../../intake/intake.ts';
import { otlpProtocol } from '../../intake/otlp/otlp.ts';
import { httpProtocols, pollers, socketProtocols } from '../../intake/protocols.ts';
import { SenderBook } from '../../intake/senders/sender-book.ts';
import type { Log } from '../../log/log.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { IntakesAnswer, SendersAnswer } from '../api/contract-intakes.ts';
import type { Config } from '../config/schema.ts';
import { startError } from '../errors.ts';
import { ListenersThread } from '../intakes/listeners-thread.ts';
import { readSenders, writeSenders } from '../intakes/kept-senders.ts';
import { Pollers } from '../intakes/pollers.ts';
import { isChosen, listenersStart, setupsOf } from '../intakes/setups.ts';
import { httpView, pollerView, senderView, socketView } from '../intakes/views.ts';
import type { LiveView } from '../parts.ts';
import { eventLimits, intakePart, senderOf } from './intake-part.ts';
import { rounds } from './rounds.ts';

interface IntakesPartOptions {
  readonly config: Config;
  readonly log: Log;
  readonly accounts: Accounts;
  /** Protocols that need more than a request, made by the composition root. */
  readonly more: readonly HttpProtocol[];
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly latest: LiveView['latest'];
  readonly onProblem: (error: unknown) => void;
}

/** The intake of events is no `HttpProtocol`: what it costs for each request was measured. */
const eventsProtocol = { name: 'http', title: 'Events by HTTP', path: '/api/v1/events' };
const keepEveryMs = 60_000;

/** Every way in: events by HTTP, the protocols on the same port, those with sockets, the pollers. */
export class IntakesPart {
  readonly events: HttpIntake;
  readonly door: Door;
  readonly book: SenderBook;
  readonly #options: IntakesPartOptions;
  readonly #protocols: readonly HttpProtocol[];
  readonly #listeners: ListenersThread | undefined;
  readonly #pollers: Pollers;
  #keeping: { readonly stop: () => Promise<void> } | undefined;
  /** Where HTTP listens. */
  #port = 0;

  constructor(options: IntakesPartOptions) {
    const { config, log, accounts, now, onProblem, more } = options;
    this.#options = options;
    this.#protocols = [...httpProtocols, otlpProtocol(now()), ...more];
    this.book = new SenderBook(config.intakes.maxSenders, readSenders(config.data));
    const { book } = this;
    const limits = eventLimits(config);
    const { maxEvents, maxInFlight } = config.intake;
    const delivery = new Delivery({ log, limits, maxEvents, book, now });
    const budget = new Budget(maxInFlight);
    const common = { accounts, now, book, budget, onFailure: onProblem };
    this.events = intakePart(config, log, common);
    this.door = new Door({
      protocols: this.#protocols,
      delivery,
      book,
      budget,
      limits: config.intake,
      authorise: (request: IncomingMessage) => senderOf(request, accounts),
      byToken: (token) => accounts.sender(`Bearer ${token}`),
      now,
      onFailure: onProblem,
    });
    this.#pollers = new Pollers({
      config,
      pollers,
      delivery,
      book,
      notes: log.notes,
      now,
      onProblem,
    });
    this.#listeners = this.#makeListeners(limits);
  }

  /** Opens the listeners. Throws TERR_START_LISTEN when a port that was chosen can not be had. */
  async open(): Promise<void> {
    const { config } = this.#options;
    for (const { name, host, port, problem } of (await this.#listeners?.open()) ?? []) {
      const protocol = socketProtocols.find((one) => one.name === name);
      if (problem === undefined || !protocol || !isChosen(config, protocol)) continue;
      throw startError('LISTEN', `${name}: ${host} port ${port}: ${problem}`, {
        field: `intakes.${protocol.settings?.group ?? name}.${protocol.settings?.port ?? 'port'}`,
      });
    }
  }

  /** Begins to fetch; HTTP listens on `port` by now. */
  start(port: number): void {
    const { onProblem } = this.#options;
    this.#port = port;
    this.#pollers.start();
    this.#keeping = rounds(keepEveryMs, () => this.#keep(), onProblem);
  }

  readonly list = (): IntakesAnswer => {
    const { config } = this.#options;
    const { opened = [], state } = this.#listeners ?? {};
    const running = this.#pollers.running;
    const totals = (name: string) => (name === 'http' ? this.#events() : this.book.totals(name));
    const protocols = [eventsProtocol, ...this.#protocols];
    return [
      ...protocols.map((one) => httpView(one, { config, port: this.#port, totals })),
      ...socketProtocols.map((one) => socketView(one, { config, opened, state, totals })),
      ...pollers.map((one) => pollerView(one, { config, running, totals })),
    ];
  };

  readonly senders = (intake: string | undefined): SendersAnswer => {
    const now = this.#options.now();
    const all = this.book.list(now);
    const senders = intake === undefined ? all : all.filter((one) => one.intake === intake);
    return { now, senders: senders.map(senderView), forgotten: this.book.forgotten };
  };

  readonly forget = (intake: string, sender: string): boolean => this.book.forget(intake, sender);

  /** Of all but the intake of events, which counts by itself. */
  readonly counters = (): readonly IntakeCounters[] => {
    const names = [...this.#protocols, ...socketProtocols, ...pollers].map(({ name }) => name);
    return names.map((name) => {
      const { last: _, ...totals } = this.book.totals(name);
      return { protocol: name, ...totals };
    });
  };

  /** How full the listeners' thread is. */
  readonly load = (): { readonly pendingBytes: number; readonly connections: number } => {
    const { pendingBytes = 0, connections = {} } = this.#listeners?.state ?? {};
    return { pendingBytes, connections: Math.max(0, ...Object.values(connections)) };
  };

  /** Ends fetching and listening; resolves when what was taken is durable. */
  async close(): Promise<void> {
    await Promise.all([this.#pollers.close(), this.#listeners?.close(), this.#keeping?.stop()]);
    await this.#keep();
  }

  #makeListeners(limits: ReturnType<typeof eventLimits>): ListenersThread | undefined {
    const { config, log, now, latest, onProblem } = this.#options;
    const setups = setupsOf(config, socketProtocols);
    if (setups.length === 0) return undefined;
    return new ListenersThread({
      start: listenersStart(config, setups, limits),
      log,
      book: this.book,
      now,
      latest: async (where, limit) =>
        (await latest(where, limit)).entries.map(({ event }) => event),
      onProblem,
    });
  }

  #keep(): Promise<void> {
    return writeSenders(this.#options.config.data, this.book.entries());
  }

  #events() {
    const { accepted, duplicates, refused, refusedBy } = this.events.counters();
    const { last } = this.book.totals('http');
    return { accepted, duplicates, refused, refusedBy, last };
  }
}
