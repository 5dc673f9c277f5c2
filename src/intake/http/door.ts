import type { IncomingMessage, ServerResponse } from 'node:http';
import { CodedError } from '../../errors/coded-error.ts';
import type { Delivery } from '../delivery.ts';
import { intakeErrors } from '../errors.ts';
import type { Sender } from '../intake.ts';
import type { SenderBook } from '../senders/sender-book.ts';
import { answerAndClose, answerProblem, type Refusal, tell } from './answer.ts';
import { readBody } from './body.ts';
import type { Budget, Lease } from './budget.ts';
import type { Denied } from './http-intake.ts';
import { type Packing, packingOf } from './media.ts';
import { asCoded, retryAfter, wholeProblem } from './problems.ts';
import type { Answer, HttpProtocol, Outcome, Received } from './protocol.ts';
import { unpack } from './unpack.ts';

export interface DoorOptions {
  readonly protocols: readonly HttpProtocol[];
  readonly delivery: Delivery;
  readonly book: SenderBook;
  /** Shared with the intake of events: bytes of all bodies in memory. */
  readonly budget: Budget;
  readonly limits: { readonly maxBody: number; readonly bodyTimeout: number };
  /** Who sends, from the headers alone. */
  readonly authorise: (req: IncomingMessage) => Sender | Denied;
  readonly byToken: (token: string) => Sender | undefined;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Told of what nobody foresaw. */
  readonly onFailure: (cause: unknown) => void;
}

/** One request while it is being taken. */
interface Visit {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly protocol: HttpProtocol;
  readonly lease: Lease;
  readonly path: string;
  readonly query: string;
  /** Known from the headers, where the protocol does not look for it in the body. */
  sender: Sender | undefined;
}

/**
 * Takes the requests of all protocols on the server's own port: who sends, the body with its
 * limits, decoding in steps, and an answer in the protocol's own words once the log has it.
 */
export class Door {
  readonly #options: DoorOptions;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** The protocol that takes a POST to this path. */
  protocolOf(path: string): HttpProtocol | undefined {
    return this.#options.protocols.find((one) => one.takes(path));
  }

  handle(req: IncomingMessage, res: ServerResponse, protocol: HttpProtocol): void {
    const lease = this.#options.budget.lease();
    const [path = '/', query = ''] = (req.url ?? '/').split(/\?(.*)/s, 2);
    const visit: Visit = { req, res, protocol, lease, path, query, sender: undefined };
    try {
      const packing = packingFor(protocol, req);
      if (protocol.authorise === undefined && !this.#mayEnter(visit)) return;
      readBody(req, this.#options.limits, lease, (outcome) => {
        if (outcome instanceof CodedError) this.#fail(visit, outcome);
        else this.#take(visit, packing, outcome).catch((error) => this.#fail(visit, error));
      });
    } catch (error) {
      this.#fail(visit, error);
    }
  }

  #mayEnter(visit: Visit): boolean {
    const { req, res, protocol } = visit;
    const sender = this.#options.authorise(req);
    if (!('problem' in sender)) {
      visit.sender = sender;
      return true;
    }
    const { code, detail = sender.problem.title } = sender.problem;
    this.#count(protocol.name, 'unknown', { code, message: detail });
    answerProblem(req, res, sender.problem, sender.headers);
    return false;
  }

  async #take(visit: Visit, packing: Packing, raw: Buffer): Promise<void> {
    const { req, res, protocol, lease, path, query } = visit;
    const { limits, delivery, now, byToken } = this.#options;
    const body = packing === 'identity' ? raw : await unpack(raw, packing, limits.maxBody, lease);
    const received: Received = {
      method: req.method ?? '',
      path,
      query: new URLSearchParams(query),
      headers: req.headers,
      body,
      raw,
      maxBody: limits.maxBody,
      now: now(),
    };
    let outcome: Outcome;
    try {
      visit.sender ??= protocol.authorise?.(received, byToken);
      if (visit.sender === undefined)
        throw intakeErrors('SIGNATURE', 'Nobody is known to send this.');
      const decoded = protocol.decode(received, visit.sender);
      const delivered = await delivery.take(decoded, {
        intake: protocol.name,
        sender: visit.sender,
      });
      const { accepted, duplicates, refused, refusals } = delivered;
      outcome = { accepted, duplicates, refused, errors: tell(refusals) };
    } catch (cause) {
      outcome = { ...nothing, failure: this.#failure(visit, cause) };
    }
    lease.free();
    send(res, protocol.answer(outcome, received), outcome.failure);
  }

  /** What failed before the protocol could be asked for its own words. */
  #fail(visit: Visit, cause: unknown): void {
    const { req, res, lease } = visit;
    lease.free();
    const error = this.#failure(visit, cause);
    const problem = wholeProblem(error);
    if (error.code === 'TERR_INTAKE_TIMEOUT') answerAndClose(res, problem);
    else answerProblem(req, res, problem, retryAfter(error, problem.status));
  }

  #failure({ protocol, sender, req, path }: Visit, cause: unknown): CodedError {
    const error = asCoded(cause);
    if (error.code === 'TERR_INTAKE_FAILED') this.#options.onFailure(cause);
    const said = sender?.name ?? protocol.senderAt?.(path);
    const name = said ?? req.socket.remoteAddress ?? 'unknown';
    this.#count(protocol.name, name, { code: error.code, message: error.message });
    return error;
  }

  #count(intake: string, sender: string, refused: { code: string; message: string }): void {
    this.#options.book.refused({ intake, sender }, refused, this.#options.now());
  }
}

const nothing = { accepted: 0, duplicates: 0, refused: 0, errors: [] as readonly Refusal[] };

/** Encodings that the protocol unpacks itself go through as they are. */
function packingFor(protocol: HttpProtocol, req: IncomingMessage): Packing {
  const given = req.headers['content-encoding']?.trim().toLowerCase();
  if (given !== undefined && protocol.encodings?.includes(given) === true) return 'identity';
  return packingOf(req.headers);
}

function send(res: ServerResponse, answer: Answer, failure: CodedError | undefined): void {
  if (res.destroyed || res.headersSent) return;
  const again = failure === undefined ? {} : retryAfter(failure, answer.status);
  const body = answer.body ?? '';
  res.writeHead(answer.status, {
    ...again,
    ...answer.headers,
    ...(answer.status !== 204 && { 'content-length': Buffer.byteLength(body) }),
  });
  res.end(body);
}
