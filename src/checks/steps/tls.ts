import { isIP } from 'node:net';
import { connect as http2 } from 'node:http2';
import type { DetailedPeerCertificate, SecureVersion, TLSSocket } from 'node:tls';
import { Failed, Unknown, Unreached } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { type Where, codeOf, nameOf, onTls, whereOf } from './connection.ts';
import { type Step, expectThat } from './step.ts';

const day = 86_400_000;

/** What is wrong with a certificate, by Node's code. */
const faults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends in an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its chain ends in an authority that is not known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its chain is not complete: who issued it is neither sent nor known',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for other names',
};

/** The names that a certificate is for. */
const namesOf = ({ subjectaltname, subject }: DetailedPeerCertificate): readonly string[] =>
  subjectaltname?.split(', ').map((one) => one.replace(/^(?:DNS|IP Address):/, '')) ??
  [subject.CN].flat().filter((one) => one !== undefined);

/** The certificate as it was sent. Throws Failed where there is none. */
function certificateOf(socket: TLSSocket, where: Where): DetailedPeerCertificate {
  const certificate = socket.getPeerCertificate(true);
  if (Object.keys(certificate).length === 0) throw new Failed(`${nameOf(where)} sends none`);
  return certificate;
}

/** Throws Failed with what is wrong with it, beside names and end. */
function mustBeValid(socket: TLSSocket, where: Where): DetailedPeerCertificate {
  const certificate = certificateOf(socket, where);
  if (socket.authorized) return certificate;
  // Node gives a code here, though its type says an error.
  const code = String(socket.authorizationError);
  const names = namesOf(certificate).slice(0, 10).join(', ');
  throw new Failed(
    `expected a valid certificate; of ${nameOf(where)} ${faults[code] ?? code} (for ${names}, until ${certificate.valid_to})`,
  );
}

/** Opens TLS and looks at a certificate that is valid. */
async function valid(
  world: World,
  where: Where,
  look: (certificate: DetailedPeerCertificate, socket: TLSSocket) => void = () => undefined,
): Promise<void> {
  await onTls(world, where, { look: (socket) => look(mustBeValid(socket, where), socket) });
}

/**
 * Of a certificate that is valid and of those that it stands on, the one that ends first. One that
 * has ended stands in no way that was found to be valid: an old authority, say, that is still sent.
 */
function firstToEnd(leaf: DetailedPeerCertificate): DetailedPeerCertificate {
  const chain = [leaf];
  for (let one = leaf; one.issuerCertificate; one = one.issuerCertificate) {
    if (chain.length > 10 || chain.includes(one.issuerCertificate)) break;
    chain.push(one.issuerCertificate);
  }
  return chain
    .filter((one) => Date.parse(one.valid_to) > Date.now())
    .reduce((a, b) => (Date.parse(b.valid_to) < Date.parse(a.valid_to) ? b : a), leaf);
}

async function validFor(world: World, where: Where, ms: number): Promise<void> {
  await valid(world, where, (leaf) => {
    const first = firstToEnd(leaf);
    const left = Date.parse(first.valid_to) - Date.now();
    const which =
      first === leaf ? 'it' : `that of ${[first.subject.CN].flat().join()}, which it stands on,`;
    world.performance.push({
      label: 'certificate',
      value: Math.round(left / 1000),
      unit: 's',
      critical: ms / 1000,
    });
    expectThat(
      left > ms,
      `a certificate for more than ${ms / day} days`,
      `${which} ends in ${(left / day).toFixed(1)} days, at ${first.valid_to}`,
    );
  });
}

const versions: Readonly<Record<string, SecureVersion>> = {
  1: 'TLSv1',
  1.1: 'TLSv1.1',
  1.2: 'TLSv1.2',
  1.3: 'TLSv1.3',
};

function versionOf(version: number): SecureVersion {
  const known = versions[version];
  if (known === undefined) throw new Unknown(`there is no TLS ${version}`);
  return known;
}

const isLocal = (code: string): boolean =>
  /NO_PROTOCOLS_AVAILABLE|NO_CIPHERS_AVAILABLE|UNSUPPORTED_PROTOCOL|NO_CIPHER_MATCH/.test(code);

/** Whether this version alone is agreed on. Throws Unknown where this machine has not got it. */
async function speaks(world: World, where: Where, version: SecureVersion): Promise<boolean> {
  // A port that nobody listens at refuses nothing.
  await onTls(world, where, { look: () => undefined });
  const old = version === 'TLSv1' || version === 'TLSv1.1';
  const options = {
    minVersion: version,
    maxVersion: version,
    ...(old ? { ciphers: 'DEFAULT:@SECLEVEL=0' } : {}),
  };
  try {
    return await onTls(world, where, { options, look: () => true });
  } catch (error) {
    if (!(error instanceof Unreached)) throw error;
    if (isLocal(codeOf(error.cause))) throw new Unknown(`${version} is not spoken here`);
    return false;
  }
}

async function agreed(world: World, where: Where): Promise<number> {
  const spoken = await onTls(world, where, { look: (socket) => socket.getProtocol() ?? '' });
  const known = Object.entries(versions).find(([, name]) => name === spoken);
  return Number(known?.[0] ?? 0);
}

/** Opens HTTP/2 and waits until it is spoken, not only agreed on. */
async function speaksHttp2(world: World, where: Where): Promise<string> {
  const options = { ALPNProtocols: ['h2', 'http/1.1'] };
  return onTls(world, where, {
    options,
    look: async (socket) => {
      if (socket.alpnProtocol !== 'h2') return socket.alpnProtocol || 'nothing that is agreed on';
      const session = http2(`https://${nameOf(where)}`, { createConnection: () => socket });
      try {
        return await new Promise<string>((resolve, reject) => {
          session.once('remoteSettings', () => resolve('h2'));
          session.once('error', reject);
          session.once('close', () => reject(new Error('the connection is broken off')));
        });
      } finally {
        session.on('error', () => undefined);
        session.destroy();
      }
    },
  });
}

const group = 'TLS';
const secure = (text: string): Where => whereOf(text, 443);

/** Steps of TLS. */
export const tlsSteps: readonly Step[] = [
  {
    expression: 'the certificate of {string} should be valid',
    kind: 'assertion',
    group,
    about: 'For this name, today, with the whole chain to an authority that is trusted.',
    example: ['Then the certificate of "www.example.org" should be valid'],
    run: async (world, given) => valid(world, secure(given.text(0))),
  },
  {
    expression: 'the certificate of {string} should be valid for more than {duration}',
    kind: 'assertion',
    group,
    about:
      'It is valid and stays so for longer than this, and so do those that it stands on. Measured as `certificate`, in seconds.',
    example: ['Then the certificate of "www.example.org" should be valid for more than 14 days'],
    run: async (world, given) => validFor(world, secure(given.text(0)), given.number(1)),
  },
  {
    expression: 'the certificate of {string} should be for {string}',
    kind: 'assertion',
    group,
    about: 'It is valid, and for this name or address too.',
    example: ['Then the certificate of "www.example.org" should be for "example.org"'],
    run: async (world, given) => {
      const name = given.text(1);
      await valid(world, secure(given.text(0)), (leaf, socket) => {
        const certificate = socket.getPeerX509Certificate();
        const is = isIP(name) > 0 ? certificate?.checkIP(name) : certificate?.checkHost(name);
        expectThat(
          is !== undefined,
          `a certificate for ${name}`,
          `it is for ${namesOf(leaf).slice(0, 20).join(', ')}`,
        );
      });
    },
  },
  {
    expression: 'the certificate of {string} should be issued by {string}',
    kind: 'assertion',
    group,
    about: 'It is valid, and the name or organisation of who issued it has this text in it.',
    example: ['Then the certificate of "www.example.org" should be issued by "Let\'s Encrypt"'],
    run: async (world, given) =>
      valid(world, secure(given.text(0)), ({ issuer }) => {
        const who = [issuer.O, issuer.CN].flat().filter((one) => one !== undefined);
        const holds = who.some((one) => one.includes(given.text(1)));
        expectThat(holds, `one issued by ${given.text(1)}`, `it is by ${who.join(', ')}`);
      }),
  },
  {
    expression: '{string} should speak at least TLS {float}',
    kind: 'assertion',
    group,
    about: 'What is agreed on with one that knows 1.2 and 1.3.',
    example: ['Then "www.example.org" should speak at least TLS 1.2'],
    run: async (world, given) => {
      const wanted = given.number(1);
      versionOf(wanted);
      const is = await agreed(world, secure(given.text(0)));
      expectThat(is >= wanted, `TLS ${wanted} or later`, `it is TLS ${is}`);
    },
  },
  {
    expression: '{string} should refuse TLS {float}',
    kind: 'assertion',
    group,
    about: 'It speaks TLS, and not with one that knows this version alone.',
    example: ['Then "www.example.org" should refuse TLS 1.1'],
    run: async (world, given) => {
      const where = secure(given.text(0));
      const version = versionOf(given.number(1));
      const does = await speaks(world, where, version);
      expectThat(!does, `${version} to be refused`, `${nameOf(where)} speaks it`);
    },
  },
  {
    expression: String.raw`{string} should speak HTTP\/2`,
    kind: 'assertion',
    group,
    about: 'It is agreed on in TLS, and then spoken.',
    example: ['Then "www.example.org" should speak HTTP/2'],
    run: async (world, given) => {
      const where = secure(given.text(0));
      const spoken = await speaksHttp2(world, where);
      expectThat(spoken === 'h2', 'HTTP/2', `${nameOf(where)} speaks ${spoken}`);
    },
  },
];
