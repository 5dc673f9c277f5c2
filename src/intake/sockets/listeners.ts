import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import type { Draft } from '../../event/event.ts';
import { type Decoded, type Refused, isRefused } from '../decoded.ts';
import { Courier, errorOf, type Party } from './courier.ts';
import { DatagramListener } from './datagram-listener.ts';
import { kernelDrops } from './kernel-drops.ts';
import type {
  FromListeners,
  ListenerSetup,
  ListenersStart,
  Opened,
  ToListeners,
} from './messages.ts';
import { Networks } from './networks.ts';
import type { ListenerContext, SocketProtocol } from './protocol.ts';
import { StreamListener } from './stream-listener.ts';
import { Tallies } from './tallies.ts';

const tallyMs = 500;

interface Open {
  readonly setup: ListenerSetup;
  readonly streams: StreamListener[];
  readonly datagrams: DatagramListener[];
  readonly intervals: { readonly timer: NodeJS.Timeout; readonly call: () => void }[];
  udpPort: number | undefined;
}

/** All listeners of the thread, and what they tell the main one. */
export class Listeners {
  readonly #start: ListenersStart;
  readonly #protocols: readonly SocketProtocol[];
  readonly #post: (message: FromListeners, transfer?: ArrayBuffer[]) => void;
  readonly #courier: Courier;
  readonly #tallies: Tallies;
  readonly #networks: Networks;
  readonly #open: Open[] = [];
  readonly #asked = new Map<number, (answer: ToListeners & { kind: 'latest' }) => void>();
  readonly #dropsBefore = new Map<string, number>();
  readonly #clock = Date.now;
  #asking = 0;
  #party: Party | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    start: ListenersStart,
    protocols: readonly SocketProtocol[],
    post: (message: FromListeners, transfer?: ArrayBuffer[]) => void,
  ) {
    this.#start = start;
    this.#protocols = protocols;
    this.#post = post;
    this.#tallies = new Tallies(start.maxSenders);
    this.#networks = new Networks(start.allow);
    const { limits, maxPending } = start;
    const options = { limits, maxPending, post, now: this.#clock, refuse: this.#refuse };
    this.#courier = new Courier(options);
  }

  /** Opens all of them; one that can not be opened does not keep the others from it. */
  async open(): Promise<void> {
    const listeners: Opened[] = [];
    for (const setup of this.#start.listeners)
      // oxlint-disable-next-line no-await-in-loop -- free ports are given one after the other
      listeners.push(await this.#openOne(setup));
    this.#timer = setInterval(() => void this.#tell(), tallyMs);
    this.#post({ kind: 'opened', listeners });
  }

  heard(message: ToListeners): void {
    if (message.kind === 'settled') {
      this.#courier.settled(message.seq, message.failure);
      if (!this.#courier.filling) for (const one of this.#streams()) one.flow();
    } else if (message.kind === 'latest') {
      this.#asked.get(message.id)?.(message);
      this.#asked.delete(message.id);
    } else void this.#close();
  }

  #streams(): StreamListener[] {
    return this.#open.flatMap(({ streams }) => streams);
  }

  /** `tries`: a free port of TCP may be taken for UDP; then another is asked for. */
  async #openOne(setup: ListenerSetup, tries = 5): Promise<Opened> {
    const { name, host, socket } = setup;
    const own: Open = { setup, streams: [], datagrams: [], intervals: [], udpPort: undefined };
    try {
      const port = await this.#listen(own);
      this.#open.push(own);
      return { name, host, port, ...(socket !== undefined && { socket }) };
    } catch (error) {
      await this.#closeOne(own);
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && setup.port === 0 && tries > 1)
        return this.#openOne(setup, tries - 1);
      const problem = code === 'EADDRINUSE' ? 'something else listens there' : message;
      return { name, host, port: setup.port, problem };
    }
  }

  async #listen(own: Open): Promise<number> {
    const { name, host, socket, multicast } = own.setup;
    const protocol = this.#protocols.find((one) => one.name === name);
    if (protocol === undefined) throw new Error(`there is no protocol ${name}`);
    const decoders = protocol.open(this.#contextOf(own));
    const base = {
      intake: name,
      courier: this.#courier,
      networks: this.#networks,
      refuse: this.#refuse,
      decoding: (party: Party) => void (this.#party = party),
    };
    let { port } = own.setup;
    if (decoders.connection && protocol.transports.includes('tcp')) {
      const { maxConnections, maxPerAddress, idle } = this.#start;
      const tls = protocol.tls === true ? { tls: this.#tls() } : {};
      const limits = { maxConnections, maxPerAddress, idle };
      const options = { ...base, ...limits, ...tls, decoderFor: decoders.connection };
      const listener = new StreamListener(options);
      own.streams.push(listener);
      port = await listener.listen({ host, port });
      if (socket !== undefined) {
        const local = new StreamListener(options);
        own.streams.push(local);
        await local.listenAt(socket);
      }
    }
    if (decoders.datagrams && protocol.transports.includes('udp')) {
      const { maxSenders } = this.#start;
      const listener = new DatagramListener({ ...base, maxSenders, decoder: decoders.datagrams });
      own.datagrams.push(listener);
      port = await listener.listen({ host, port, ...(multicast !== undefined && { multicast }) });
      own.udpPort = port;
    }
    return port;
  }

  #contextOf(own: Open): ListenerContext {
    const { name, settings } = own.setup;
    const everyone: Party = {
      intake: name,
      sender: '',
      source: `/${name}`,
      unsettled: 0,
      settled: () => undefined,
    };
    return {
      settings,
      now: this.#clock,
      host: this.#start.host,
      take: (decoded) => this.#takeAll(decoded, everyone),
      sampled: (count) => {
        const sender = this.#party?.sender ?? '';
        this.#tallies.sampled(name, sender, { count, at: this.#clock() });
      },
      every: (ms, call) => {
        own.intervals.push({ timer: setInterval(call, ms), call });
      },
      latest: (where, limit) => this.#ask(where, limit),
    };
  }

  #takeAll(decoded: Iterable<Decoded>, party: Party): void {
    for (const one of decoded)
      if (isRefused(one)) this.#refuse(party, one.refused);
      else if (this.#courier.full) this.#refuse(party, full);
      else this.#courier.take(one, party);
  }

  readonly #refuse = ({ intake, sender }: Party, refused: Refused): void => {
    this.#tallies.refused(intake, sender, { refused, at: this.#clock() });
  };

  #ask(where: string, limit: number): Promise<readonly Draft[]> {
    const id = ++this.#asking;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, ({ events, failure }) => {
        if (events) resolve(events);
        else reject(failure ? errorOf(failure) : new Error('no answer'));
      });
      this.#post({ kind: 'latest', id, where, limit });
    });
  }

  #tls(): TlsOptions {
    const { tls } = this.#start;
    if (tls === undefined) throw new Error('there is no certificate: set tls.cert and tls.key');
    const ca = tls.clientCa === undefined ? undefined : readFileSync(tls.clientCa);
    return {
      cert: readFileSync(tls.cert),
      key: readFileSync(tls.key),
      ...(ca !== undefined && { ca, requestCert: true, rejectUnauthorized: true }),
    };
  }

  async #tell(): Promise<void> {
    const drops = await kernelDrops();
    const dropped: Record<string, number> = {};
    const connections: Record<string, number> = {};
    for (const { setup, udpPort, streams } of this.#open) {
      connections[setup.name] = streams.reduce((sum, one) => sum + one.connections, 0);
      if (udpPort === undefined) continue;
      const count = drops.get(udpPort) ?? 0;
      const more = count - (this.#dropsBefore.get(setup.name) ?? 0);
      this.#dropsBefore.set(setup.name, count);
      if (more > 0) dropped[setup.name] = more;
    }
    const state = { pendingBytes: this.#courier.pending, connections };
    this.#post({ kind: 'tally', tallies: this.#tallies.take(), dropped, state });
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#open.map((own) => this.#closeOne(own)));
    this.#courier.send();
    await this.#tell();
    this.#post({ kind: 'closed' });
  }

  /** Sockets first, so that the last interval has everything. */
  async #closeOne({ streams, datagrams, intervals }: Open): Promise<void> {
    await Promise.all([...streams, ...datagrams].map((one) => one.close()));
    for (const { timer, call } of intervals) {
      clearInterval(timer);
      call();
    }
  }
}

const full: Refused = {
  code: 'TERR_INTAKE_BUSY',
  message: 'As many events wait for the log as may wait (intakes.maxPending).',
};
