import { Resolver } from 'node:dns/promises';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { Failed, Unknown, Unreached } from '../run/failed.ts';
import { mustBeOpen } from '../run/outbound.ts';
import type { Part, World } from '../run/world.ts';
import { type Where, codeOf, nameOf, whereOf } from './connection.ts';
import { type Step, expectThat } from './step.ts';

/** Who is asked; nobody: the name servers of this machine. */
const asked: Part<{ server?: Where }> = { make: () => ({}) };

type Code = 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';

/** Answers without a record, by c-ares' codes. */
const codes: Readonly<Record<string, Code>> = {
  ENODATA: 'NOERROR',
  ENOTFOUND: 'NXDOMAIN',
  ESERVFAIL: 'SERVFAIL',
  EREFUSED: 'REFUSED',
};

interface Found {
  readonly code: Code;
  readonly records: readonly string[];
}

async function withResolver<T>(
  world: World,
  server: Where | undefined,
  ask: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  // As long as the step may take.
  const resolver = new Resolver({ timeout: 2000, tries: 3 });
  if (server) {
    mustBeOpen(world.outbound, server.host, server.port);
    resolver.setServers([nameOf(server)]);
  }
  const stop = (): void => resolver.cancel();
  world.signal.addEventListener('abort', stop, { once: true });
  try {
    return await ask(resolver);
  } finally {
    world.signal.removeEventListener('abort', stop);
  }
}

type Read = (resolver: Resolver, name: string) => Promise<readonly string[]>;

/** How records are written, as in a zone file. */
const types: Readonly<Record<string, Read>> = {
  A: async (resolver, name) => resolver.resolve4(name),
  AAAA: async (resolver, name) => resolver.resolve6(name),
  CNAME: async (resolver, name) => resolver.resolveCname(name),
  NS: async (resolver, name) => resolver.resolveNs(name),
  PTR: async (resolver, name) => resolver.resolvePtr(name),
  TXT: async (resolver, name) => (await resolver.resolveTxt(name)).map((parts) => parts.join('')),
  MX: async (resolver, name) =>
    (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`),
  SRV: async (resolver, name) =>
    (await resolver.resolveSrv(name)).map(
      (one) => `${one.priority} ${one.weight} ${one.port} ${one.name}`,
    ),
  CAA: async (resolver, name) =>
    (await resolver.resolveCaa(name)).flatMap(({ critical, ...tags }) =>
      Object.entries(tags).map(([tag, value]) => `${critical} ${tag} "${String(value)}"`),
    ),
  SOA: async (resolver, name) => {
    const soa = await resolver.resolveSoa(name);
    return [
      `${soa.nsname} ${soa.hostmaster} ${soa.serial} ${soa.refresh} ${soa.retry} ${soa.expire} ${soa.minttl}`,
    ];
  },
};

/** Asks for the records of a name. Throws Unreached where no name server answers. */
async function recordsOf(world: World, type: string, name: string): Promise<Found> {
  const read = types[type];
  if (!read) throw new Unknown(`records of the type ${type} are not known here`);
  const { server } = world.part(asked);
  return withResolver(world, server, async (resolver) => {
    try {
      return { code: 'NOERROR', records: await read(resolver, name) };
    } catch (error) {
      const code = codes[codeOf(error)];
      if (code !== undefined) return { code, records: [] };
      const who = server ? `the name server ${nameOf(server)}` : 'the name servers of this machine';
      throw new Unreached(`${who} can not be asked for ${name}: ${codeOf(error)}`, {
        cause: error,
      });
    }
  });
}

async function addressesOf(world: World, name: string): Promise<Found> {
  const [four, six] = await Promise.all([
    recordsOf(world, 'A', name),
    recordsOf(world, 'AAAA', name),
  ]);
  const worst = (['SERVFAIL', 'REFUSED', 'NXDOMAIN'] as const).find((code) =>
    [four.code, six.code].includes(code),
  );
  return { code: worst ?? 'NOERROR', records: [...four.records, ...six.records] };
}

const seenOf = ({ code, records }: Found): string =>
  records.length > 0
    ? `there is ${records.slice(0, 20).join(', ').slice(0, 1000)}`
    : `there is none (${code})`;

/** IPv6 addresses are written in many ways. */
const same = (a: string, b: string): boolean =>
  a === b ||
  (isIP(a) === 6 &&
    isIP(b) === 6 &&
    new URL(`http://[${a}]`).host === new URL(`http://[${b}]`).host);

/** Names have no capitals and no dot at their end; texts are as they are. */
const plain = (type: string, text: string): string =>
  type === 'TXT' ? text : text.toLowerCase().replace(/\.$/, '');

async function serialOf(resolver: Resolver, name: string): Promise<number> {
  try {
    return (await resolver.resolveSoa(name)).serial;
  } catch (error) {
    throw new Failed(`${name} has no serial: ${codes[codeOf(error)] ?? codeOf(error)}`, {
      cause: error,
    });
  }
}

/** The first address of a name server, as this machine or the one that is asked knows it. */
async function addressOf(world: World, name: string): Promise<string> {
  if (world.part(asked).server) {
    const { records } = await addressesOf(world, name);
    if (records[0] === undefined) throw new Failed(`the name server ${name} has no address`);
    return records[0];
  }
  return new Promise((resolve, reject) => {
    lookup(name, (error, address) => {
      if (error) reject(new Failed(`the name server ${name} has no address`, { cause: error }));
      else resolve(address);
    });
  });
}

/**
 * Asks each name server of a zone for its serial, and gives those that differ.
 * @param port where they listen; 53 but in tests
 */
export async function nameServersAgree(world: World, zone: string, port = 53): Promise<void> {
  const found = await recordsOf(world, 'NS', zone);
  if (found.records.length === 0)
    throw new Failed(`expected name servers of ${zone}; ${seenOf(found)}`);
  const serials = await Promise.all(
    found.records.map(async (server) => {
      const host = await addressOf(world, server);
      return withResolver(world, { host, port }, async (resolver) => {
        try {
          return { server, said: String(await serialOf(resolver, zone)) };
        } catch (error) {
          return { server, said: error instanceof Error ? error.message : 'nothing' };
        }
      });
    }),
  );
  const different = new Set(serials.map(({ said }) => said));
  const all = serials.map(({ server, said }) => `${server}: ${said}`).join('; ');
  const numbers = serials.every(({ said }) => /^\d+$/.test(said));
  expectThat(different.size === 1 && numbers, `one serial of ${zone}`, all);
}

const group = 'DNS';

/** Steps of DNS. Names are asked for as they are: what this machine's hosts file says is not. */
export const dnsSteps: readonly Step[] = [
  {
    expression: 'I ask the name server {string}',
    kind: 'context',
    group,
    about: 'In place of those of this machine: an address, with its port where it is not 53.',
    example: ['Given I ask the name server "192.0.2.53"'],
    run: (world, given) => {
      const where = whereOf(given.text(0), 53);
      if (isIP(where.host) === 0)
        throw new Unknown(`a name server is asked by its address, and "${where.host}" is none`);
      mustBeOpen(world.outbound, where.host, where.port);
      world.part(asked).server = where;
    },
  },
  {
    expression: '{string} should resolve',
    kind: 'assertion',
    group,
    about: 'The name has an address, of IPv4 or IPv6.',
    example: ['Then "www.example.org" should resolve'],
    run: async (world, given) => {
      const found = await addressesOf(world, given.text(0));
      expectThat(found.records.length > 0, `an address of ${given.text(0)}`, seenOf(found));
    },
  },
  {
    expression: '{string} should not resolve',
    kind: 'assertion',
    group,
    about:
      'There is no such name, or it has no address. A name server that does not answer fails it.',
    example: ['Then "old.example.org" should not resolve'],
    run: async (world, given) => {
      const found = await addressesOf(world, given.text(0));
      const none = found.records.length === 0 && ['NXDOMAIN', 'NOERROR'].includes(found.code);
      expectThat(none, `no address of ${given.text(0)}`, seenOf(found));
    },
  },
  {
    expression: '{string} should resolve to {string}',
    kind: 'assertion',
    group,
    about: 'This address is one of those that the name has.',
    example: ['Then "www.example.org" should resolve to "192.0.2.7"'],
    run: async (world, given) => {
      const found = await addressesOf(world, given.text(0));
      expectThat(
        found.records.some((one) => same(one, given.text(1))),
        given.text(1),
        seenOf(found),
      );
    },
  },
  {
    expression: 'the {recordtype} record of {string} should be {string}',
    kind: 'assertion',
    group,
    about:
      'One of those that there are, written as in a zone file, without quotes around TXT: A, AAAA, CAA, CNAME, MX, NS, PTR, SOA, SRV, TXT.',
    example: ['Then the MX record of "example.org" should be "10 mail.example.org"'],
    run: async (world, given) => {
      const type = given.text(0);
      const found = await recordsOf(world, type, given.text(1));
      const wanted = plain(type, given.text(2));
      const holds = found.records.some(
        (one) => plain(type, one) === wanted || (type === 'AAAA' && same(one, wanted)),
      );
      expectThat(holds, `${given.text(0)} ${given.text(2)}`, seenOf(found));
    },
  },
  {
    expression: 'the {recordtype} record of {string} should contain {string}',
    kind: 'assertion',
    group,
    about: 'One of those that there are has this text in it.',
    example: ['Then the TXT record of "example.org" should contain "v=spf1"'],
    run: async (world, given) => {
      const found = await recordsOf(world, given.text(0), given.text(1));
      const holds = found.records.some((one) => one.includes(given.text(2)));
      expectThat(holds, `${given.text(0)} with ${given.text(2)}`, seenOf(found));
    },
  },
  {
    expression: 'the name server should answer {rcode} for {string}',
    kind: 'assertion',
    group,
    about: 'NOERROR (also without an address), NXDOMAIN, SERVFAIL or REFUSED.',
    example: ['Then the name server should answer NXDOMAIN for "no-such.example.org"'],
    run: async (world, given) => {
      const found = await recordsOf(world, 'A', given.text(1));
      expectThat(found.code === given.text(0), given.text(0), seenOf(found));
    },
  },
  {
    expression: 'the serial of {string} should be {int}',
    kind: 'assertion',
    group,
    about: 'Of its zone, by the name server that is asked.',
    example: ['Then the serial of "example.org" should be 2026010101'],
    run: async (world, given) => {
      const {
        records: [soa],
        code,
      } = await recordsOf(world, 'SOA', given.text(0));
      const serial = soa?.split(' ')[2];
      expectThat(
        serial === String(given.number(1)),
        `the serial ${given.number(1)}`,
        `there is ${serial ?? `none (${code})`}`,
      );
    },
  },
  {
    expression: 'the name servers of {string} should agree',
    kind: 'assertion',
    group,
    about: 'Each that the zone names is asked, and all have the same serial.',
    example: ['Then the name servers of "example.org" should agree'],
    run: async (world, given) => nameServersAgree(world, given.text(0)),
  },
];
