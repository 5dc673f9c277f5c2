import { type WireReader, wireType } from '../protobuf/wire.ts';
import type { FieldOf, Kind, Message } from './schema.ts';

type Read = Record<string, unknown>;

/** How deep values may nest: what is deeper is no attribute any more. */
const maxDepth = 32;

/** Reads a message by its table. Throws TERR_INTAKE_DECODE. */
export function fromWire(reader: WireReader, message: Message, depth = 0): Read {
  const read: Read = {};
  while (reader.next()) {
    const field = message.fields.get(reader.field);
    if (field === undefined || depth > maxDepth) reader.skip();
    else if (field.repeated) add(read, field, { reader, depth });
    else read[field.name] = valueOf(reader, field.kind, depth);
  }
  return read;
}

interface From {
  readonly reader: WireReader;
  readonly depth: number;
}

function add(read: Read, { name, kind }: FieldOf, { reader, depth }: From): void {
  const list = (read[name] ??= []) as unknown[];
  const packed = reader.type === wireType.bytes && (kind === 'fixed' || kind === 'double');
  if (!packed) {
    list.push(valueOf(reader, kind, depth));
    return;
  }
  const inner = reader.message();
  while (inner.at < inner.end) list.push(kind === 'double' ? inner.double() : signed(inner));
}

function valueOf(reader: WireReader, kind: Kind, depth: number): unknown {
  switch (kind) {
    case 'text':
      return reader.text();
    case 'bool':
      return reader.varint() !== 0;
    case 'double':
      return reader.double();
    case 'integer':
      return reader.varint();
    case 'fixed':
      return signed(reader);
    case 'digits':
      return String(reader.int64());
    case 'nanos':
      return Number(reader.fixed64()) / 1e6;
    case 'id':
      return reader.raw().toString('hex');
    case 'bytes':
      return reader.raw().toString('base64');
    default:
      return fromWire(reader.message(), kind, depth + 1);
  }
}

/** fixed64 counts are never as large as to look negative. */
function signed(reader: WireReader): number {
  return Number(BigInt.asIntN(64, reader.fixed64()));
}
