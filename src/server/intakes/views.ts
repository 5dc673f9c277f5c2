import type { HttpProtocol } from '../../intake/http/protocol.ts';
import type { Poller } from '../../intake/poller.ts';
import type { SenderBook, SenderView as Known } from '../../intake/senders/sender-book.ts';
import type { ListenersState, Opened } from '../../intake/sockets/messages.ts';
import type { SocketProtocol } from '../../intake/sockets/protocol.ts';
import type { IntakeView, SenderView } from '../api/contract-intakes.ts';
import type { Config } from '../config/schema.ts';
import { groupOf } from './setups.ts';

/** What an intake has done since the start. */
type TotalsOf = (name: string) => ReturnType<SenderBook['totals']>;

interface Around {
  readonly config: Config;
  readonly totals: TotalsOf;
}

/** A protocol on the server's own port, as the API shows it. */
export function httpView(
  { name, title, path }: Pick<HttpProtocol, 'name' | 'title' | 'path'>,
  { config, port, totals }: Around & { readonly port: number },
): IntakeView {
  return {
    name,
    protocol: title,
    kind: 'http',
    transports: ['http'],
    address: config.host,
    port,
    path,
    state: 'listening',
    ...counted(totals, name),
  };
}

/** A protocol with sockets of its own, as the API shows it. */
export function socketView(
  { name, title, transports, tls }: SocketProtocol,
  around: Around & {
    readonly opened: readonly Opened[];
    readonly state: ListenersState | undefined;
  },
): IntakeView {
  const { config, totals, state } = around;
  const opened = around.opened.find((one) => one.name === name);
  const view = {
    name,
    protocol: title,
    kind: 'socket' as const,
    transports: tls === true ? ['tls'] : [...transports],
    ...counted(totals, name),
  };
  if (opened === undefined)
    return { ...view, address: config.intakes.host, port: null, state: 'off' };
  const { host, port, socket, problem } = opened;
  return {
    ...view,
    address: host,
    port,
    ...(socket !== undefined && { path: socket }),
    state: problem === undefined ? 'listening' : 'failed',
    ...(problem !== undefined && { problem }),
    connections: state?.connections[name] ?? 0,
  };
}

/** What Territory fetches by itself, as the API shows it. */
export function pollerView(
  poller: Poller,
  { config, running, totals }: Around & { readonly running: readonly Poller[] },
): IntakeView {
  const { name, title } = poller;
  const runs = running.includes(poller);
  return {
    name,
    protocol: title,
    kind: 'poller',
    transports: [],
    address: runs ? poller.address(groupOf(config, poller.group ?? name)) : '',
    port: null,
    state: runs ? 'listening' : 'off',
    ...counted(totals, name),
  };
}

/** A sender without what is only there to go on counting. */
export function senderView(known: Known): SenderView {
  const { intake, sender, first, last, accepted, refused, rate, gap, silent, problem } = known;
  const view = { intake, sender, first, last, accepted, refused, rate, gap, silent };
  return problem === undefined ? view : { ...view, problem };
}

function counted(totals: TotalsOf, name: string) {
  const { last = null, ...rest } = totals(name);
  return { ...rest, lastSeen: last };
}
