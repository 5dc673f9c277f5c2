import type { HttpProtocol } from './http/protocol.ts';
import { nsca } from './nagios/nsca.ts';
import type { Poller } from './poller.ts';
import type { SocketProtocol } from './sockets/protocol.ts';

/** Protocols with sockets of their own; run by the listeners' thread. One line each. */
export const socketProtocols: readonly SocketProtocol[] = [nsca];

/** Protocols on the server's own port. One line each. */
export const httpProtocols: readonly HttpProtocol[] = [];

/** What is fetched where nobody sends. One line each. */
export const pollers: readonly Poller[] = [];
