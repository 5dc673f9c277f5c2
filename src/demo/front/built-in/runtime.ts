import { type Admin, type Backend, type Server, setAdmin } from './servers.ts';

const admins: Readonly<Record<string, Admin>> = { ready: 'ready', drain: 'drain', maint: 'maint' };
/** Bits of srv_admin_state, as HAProxy has them. */
const adminBits: Readonly<Record<Admin, number>> = { ready: 0, drain: 0x08, maint: 0x01 };
/** srv_check_state: a check is configured and enabled. */
const checked = 6;

/**
 * Answers one command of HAProxy's runtime API, as much of it as a runner uses
 * (docs.haproxy.org/2.6/management.html, 9.3). An empty answer is success, as there.
 */
export function answerTo(command: string, backends: readonly Backend[]): string {
  const words = command.trim().split(/\s+/);
  const [verb, what] = words;
  if (verb === 'show' && what === 'servers' && words[2] === 'state')
    return showState(backends, words[3]);
  if (verb === 'show' && what === 'stat') return showStat(backends, words[2]);
  if (verb === 'set' && what === 'server') return setServer(words.slice(2), backends);
  return 'Unknown command. Known are: show servers state, show stat, set server\n';
}

function showState(backends: readonly Backend[], only: string | undefined): string {
  const chosen = chosenOf(backends, only);
  if (!chosen) return "Can't find backend.\n";
  const head =
    '1\n# be_name srv_name srv_addr srv_op_state srv_admin_state srv_check_state srv_port\n';
  const rows = chosen.flatMap(({ name, servers }) =>
    servers.map(
      ({ name: server, address, up, admin, port }) =>
        `${name} ${server} ${address} ${up && admin !== 'maint' ? 2 : 0} ${adminBits[admin]} ${checked} ${port}\n`,
    ),
  );
  return `${head}${rows.join('')}\n`;
}

function showStat(backends: readonly Backend[], only: string | undefined): string {
  const chosen = chosenOf(backends, only);
  if (!chosen) return "Can't find backend.\n";
  const rows = chosen.flatMap(({ name, servers }) =>
    servers.map(({ name: server, sessions }) => `${name},${server},0,${sessions},\n`),
  );
  return `# pxname,svname,qcur,scur,\n${rows.join('')}\n`;
}

function chosenOf(
  backends: readonly Backend[],
  only: string | undefined,
): readonly Backend[] | undefined {
  if (only === undefined) return backends;
  const found = backends.filter(({ name }) => name === only);
  return found.length === 0 ? undefined : found;
}

function setServer(words: readonly string[], backends: readonly Backend[]): string {
  const [place = '', what = '', value = '', word, port] = words;
  const [backend, name] = place.split('/');
  const server = backends
    .find((one) => one.name === backend)
    ?.servers.find((one) => one.name === name);
  if (!server) return 'No such server.\n';
  if (what === 'addr' && word === 'port') return setAddress(server, value, Number(port));
  if (what === 'state') {
    const admin = admins[value];
    if (admin === undefined)
      return "'set server <srv> state' expects 'ready', 'drain' or 'maint'.\n";
    setAdmin(server, admin);
    return '';
  }
  if (what !== 'health' || !['up', 'down'].includes(value))
    return "'set server <srv>' only supports 'state', 'health' and 'addr'.\n";
  server.up = value === 'up';
  server.against = 0;
  return '';
}

function setAddress(server: Server, address: string, port: number): string {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return 'Invalid port.\n';
  server.address = address;
  server.port = port;
  return '';
}
