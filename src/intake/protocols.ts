import { collectd } from './collectd/collectd.ts';
import { collectdHttp } from './collectd/write-http.ts';
import { files } from './files/tail.ts';
import { gelf } from './gelf/gelf.ts';
import { gitHook } from './git/hook.ts';
import { gitPoller } from './git/poller.ts';
import { graphite, graphitePickle } from './graphite/graphite.ts';
import type { HttpProtocol } from './http/protocol.ts';
import { commandFile } from './nagios/command-file.ts';
import { nrdp } from './nagios/nrdp.ts';
import { nsca } from './nagios/nsca.ts';
import type { Poller } from './poller.ts';
import { scrape } from './prometheus/scrape/scrape.ts';
import { remoteWrite } from './prometheus/write/remote-write.ts';
import { riemann, riemannTls } from './riemann/riemann.ts';
import { logs } from './ship/logs.ts';
import type { SocketProtocol } from './sockets/protocol.ts';
import { statsd } from './statsd/statsd.ts';
import { syslog, syslogTls } from './syslog/syslog.ts';

/** Protocols with sockets of their own; run by the listeners' thread. One line each. */
export const socketProtocols: readonly SocketProtocol[] = [
  statsd,
  graphite,
  graphitePickle,
  collectd,
  nsca,
  riemann,
  riemannTls,
  syslog,
  syslogTls,
  gelf,
];

/** Protocols on the server's own port. One line each. */
export const httpProtocols: readonly HttpProtocol[] = [
  logs,
  collectdHttp,
  nrdp,
  remoteWrite,
  gitHook,
];

/** What is fetched where nobody sends. One line each. */
export const pollers: readonly Poller[] = [files, commandFile, gitPoller, scrape];
