import type { Decoded } from '../../decoded.ts';
import { intakeErrors } from '../../errors.ts';
import type { HttpProtocol, Received } from '../../http/protocol.ts';
import type { Sender } from '../../intake.ts';
import { unsnappy } from '../snappy.ts';
import { answerWrite } from './answer.ts';
import { Memory } from './memory.ts';
import { readV1 } from './request-v1.ts';
import { readV2 } from './request-v2.ts';
import { Writing } from './writing.ts';

const protoV1 = 'prometheus.WriteRequest';
const protoV2 = 'io.prometheus.write.v2.Request';

interface Decoding {
  readonly writing: Writing;
  readonly sender: string;
}

const memory = new Memory();
/** What was counted while decoding, for the answer. */
const decodings = new WeakMap<Received, Decoding>();

/** Prometheus remote-write 1.0 and 2.0 (prometheus.io/docs/specs). */
export const remoteWrite: HttpProtocol = {
  name: 'prometheus-remote-write',
  title: 'Prometheus remote-write',
  path: '/api/v1/write',
  takes: (path) => path === '/api/v1/write',
  encodings: ['snappy'],
  decode: (request, { name }: Sender) => {
    const writing = new Writing(request.maxBody);
    decodings.set(request, { writing, sender: name });
    return decode(request, name, writing);
  },
  answer: (outcome, request) => {
    const decoding = decodings.get(request);
    return answerWrite(outcome, {
      kinds: decoding?.writing.kinds ?? [],
      counts: isV2(request),
      // Only where something was refused, which is rare, to say what it was.
      again: () => (decoding ? decode(request, decoding.sender, new Writing(request.maxBody)) : []),
    });
  },
};

function decode(request: Received, sender: string, writing: Writing): Iterable<Decoded> {
  const read = versionOf(request) === 2 ? readV2 : readV1;
  const { 'content-encoding': encoding } = request.headers;
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'snappy')
    throw intakeErrors('ENCODING', 'Remote-write is packed with snappy: send that.', {
      field: 'Content-Encoding',
    });
  const body = unsnappy(request.body, request.maxBody);
  return read({ body, sender, writing, memory });
}

function isV2({ headers }: Received): boolean {
  return protoOf(headers['content-type']) === protoV2;
}

/** Throws TERR_INTAKE_MEDIA_TYPE: a sender tries another version then. */
function versionOf({ headers }: Received): 1 | 2 {
  const proto = protoOf(headers['content-type']);
  if (proto === protoV1) return 1;
  if (proto === protoV2) return 2;
  const message = `Remote-write takes Content-Type application/x-protobuf with proto=${protoV1} (or none) or proto=${protoV2}.`;
  throw intakeErrors('MEDIA_TYPE', message, { field: 'Content-Type' });
}

/** The message that a Content-Type names; that of 1.0 where it names none. */
function protoOf(given = ''): string | undefined {
  const [media = '', ...parameters] = given.split(';').map((part) => part.trim());
  if (media.toLowerCase() !== 'application/x-protobuf') return undefined;
  for (const one of parameters) {
    const [name = '', value = ''] = one.split('=', 2).map((part) => part.trim());
    if (name.toLowerCase() === 'proto') return value.replaceAll('"', '');
  }
  return protoV1;
}
