import { defineErrors } from '../errors/coded-error.ts';

/** Errors of taking events in; each has its paragraph in docs/errors.md. */
export const intakeErrors = defineErrors('INTAKE', {
  ABORTED: { status: 400, title: 'The sender went away before the body was complete' },
  BODY: { status: 400, title: 'The body cannot be unpacked' },
  BUSY: { status: 503, title: 'Too many bodies are under way' },
  CONNECTIONS: { status: 503, title: 'Too many connections' },
  DECODE: { status: 400, title: 'The bytes are not what the protocol says' },
  EMPTY: { status: 400, title: 'The body is empty' },
  ENCODING: { status: 415, title: 'This Content-Encoding is not taken' },
  FAILED: { status: 500, title: 'The events could not be stored' },
  FORBIDDEN: { status: 403, title: 'The sender may not send this event' },
  FRAME: { status: 413, title: 'One message is too long' },
  KERNEL: { status: 503, title: 'The kernel dropped datagrams' },
  KEYS: { status: 429, title: 'Too many different keys' },
  MEDIA_TYPE: { status: 415, title: 'This Content-Type is not taken' },
  METHOD: { status: 405, title: 'Events are sent with POST' },
  NETWORK: { status: 403, title: 'This network may not send here' },
  REFUSED: { status: 400, title: 'No event was taken' },
  SIGNATURE: { status: 401, title: 'The signature is not right' },
  SOURCE: { status: 502, title: 'Nothing could be fetched there' },
  TIMEOUT: { status: 408, title: 'The body did not arrive in time' },
  TOO_LARGE: { status: 413, title: 'The body is too large' },
  TOO_MANY: { status: 413, title: 'Too many events in one request' },
});
