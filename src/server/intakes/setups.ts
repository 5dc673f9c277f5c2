import { hostname } from 'node:os';
import type { EventLimits } from '../../event/limits.ts';
import type { ListenerSetup, ListenersStart } from '../../intake/sockets/messages.ts';
import type { SocketProtocol } from '../../intake/sockets/protocol.ts';
import type { Config } from '../config/schema.ts';

type Group = Readonly<Record<string, unknown>>;

/** While the server has this port, the other listeners have the usual ones of their protocols. */
const usualPort = 7070;

/** The settings of one protocol or poller. */
export function groupOf({ intakes }: Config, name: string): Group {
  const group: unknown = (intakes as Group)[name];
  return typeof group === 'object' && group !== null ? (group as Group) : {};
}

/** Whether somebody wrote down which port it is to have: then it must be free. */
export function isChosen(config: Config, protocol: SocketProtocol): boolean {
  return chosenPort(config, protocol) !== undefined;
}

/** The listeners that are wanted, and where. */
export function setupsOf(config: Config, protocols: readonly SocketProtocol[]): ListenerSetup[] {
  const { intakes, tls } = config;
  if (!intakes.enabled) return [];
  return protocols.flatMap((protocol): ListenerSetup[] => {
    const settings = groupOf(config, protocol.settings?.group ?? protocol.name);
    if (settings['enabled'] === false) return [];
    if (protocol.tls === true && tls.cert === undefined) return [];
    const port = chosenPort(config, protocol) ?? (config.port === usualPort ? protocol.port : 0);
    const host = text(settings['host']) ?? intakes.host;
    // A second port of a protocol has no socket of its own.
    const own = protocol.settings === undefined ? settings : {};
    const socket = text(own['socket']);
    const multicast = text(own['multicast']);
    return [
      {
        name: protocol.name,
        host,
        port,
        settings,
        ...(socket !== undefined && { socket }),
        ...(multicast !== undefined && { multicast }),
      },
    ];
  });
}

/** All that the listeners' thread is started with. */
export function listenersStart(
  config: Config,
  listeners: readonly ListenerSetup[],
  limits: EventLimits,
): ListenersStart {
  const { maxConnections, maxPerAddress, idle, maxPending, maxSenders, clientCa } = config.intakes;
  const { cert, key } = config.tls;
  const tls =
    cert === undefined || key === undefined
      ? {}
      : { tls: { cert, key, ...(clientCa !== undefined && { clientCa }) } };
  return {
    listeners,
    limits,
    host: hostname(),
    allow: config.intakes.allow,
    maxConnections,
    maxPerAddress,
    idle,
    maxPending,
    maxSenders,
    ...tls,
  };
}

function chosenPort(config: Config, { name, settings }: SocketProtocol): number | undefined {
  const port = groupOf(config, settings?.group ?? name)[settings?.port ?? 'port'];
  return typeof port === 'number' ? port : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
