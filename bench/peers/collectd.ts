import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type Program, until } from '../load/server.ts';

/**
 * collectd as a server: its network plugin listens, and dispatches what comes to its cache. What it
 * counted itself is written to us by Graphite lines once a second; nothing else is written anywhere.
 */
export class CollectdServer {
  #lists = 0;
  #heard = false;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<CollectdServer> {
    const server = createServer();
    const peer = new CollectdServer(server);
    server.on('connection', (socket) => {
      let rest = '';
      socket.on('data', (bytes) => {
        const lines = (rest + bytes.toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) peer.#line(line);
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  /** Lists of values that it has dispatched since its start. */
  get lists(): number {
    return this.#lists;
  }

  close(): void {
    this.#server.close();
  }

  get program(): Program {
    const address = this.#server.address();
    const statsPort = typeof address === 'object' && address ? address.port : 0;
    return {
      command: 'collectd',
      args: (port, dir) => {
        const config = join(dir, 'collectd.conf');
        writeFileSync(config, configOf({ port, statsPort, dir }));
        return ['-f', '-C', config];
      },
      ready: async () => {
        await until(async () => this.#heard);
        return true;
      },
    };
  }

  #line(line: string): void {
    this.#heard = true;
    const [, count] = /total_values-dispatch-accepted(?:\.value)? (\d+)/.exec(line) ?? [];
    if (count !== undefined) this.#lists = Number(count);
  }
}

function configOf(at: { readonly port: number; readonly statsPort: number; readonly dir: string }) {
  return `BaseDir "${at.dir}"
PIDFile "${at.dir}/pid"
Hostname "peer"
Interval 1
PostCacheChain "own"
LoadPlugin match_regex
LoadPlugin network
<Plugin network>
  Listen "127.0.0.1" "${at.port}"
  ReportStats true
</Plugin>
LoadPlugin write_graphite
<Plugin write_graphite>
  <Node "bench">
    Host "127.0.0.1"
    Port "${at.statsPort}"
    Protocol "tcp"
    StoreRates false
  </Node>
</Plugin>
<Chain "own">
  <Rule "counts">
    <Match "regex">
      Plugin "^network$"
    </Match>
    <Target "write">
      Plugin "write_graphite/bench"
    </Target>
  </Rule>
  Target "stop"
</Chain>
`;
}
