import type { IncomingMessage } from 'node:http';
import { type EventLimits, defaultLimits } from '../../event/limits.ts';
import type { CodedError } from '../../errors/coded-error.ts';
import { type Denied, type HttpIntake, httpIntake } from '../../intake/http/http-intake.ts';
import type { Budget } from '../../intake/http/budget.ts';
import type { Door } from '../../intake/http/door.ts';
import type { Sender } from '../../intake/intake.ts';
import type { SenderBook } from '../../intake/senders/sender-book.ts';
import type { Log } from '../../log/log.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Config } from '../config/schema.ts';
import { accountsError } from '../errors.ts';
import { type RawHandler, pathOf } from '../http/listener.ts';
import { problemOf } from '../http/problem.ts';

const eventsPath = '/api/v1/events';

/** The intake of events by HTTP with its limits from the configuration. */
export function intakePart(
  config: Config,
  log: Log,
  {
    accounts,
    ...others
  }: {
    readonly accounts: Accounts;
    readonly book: SenderBook;
    readonly budget: Budget;
    readonly now: () => number;
    /** Told of a failure that nobody foresaw; the sender is only told that there was one. */
    readonly onFailure: (cause: unknown) => void;
  },
): HttpIntake {
  const { maxBody, maxEvents, maxInFlight, bodyTimeout } = config.intake;
  const limits = { event: eventLimits(config), maxBody, maxEvents, maxInFlight, bodyTimeout };
  const authorise = (request: IncomingMessage) => senderOf(request, accounts);
  return httpIntake({ log, authorise, limits, ...others });
}

/** Who sends, by the token in the headers; or why nobody does. */
export function senderOf(request: IncomingMessage, accounts: Accounts): Sender | Denied {
  return accounts.sender(request.headers.authorization) ?? deny(request, accounts);
}

/** What the router never sees: events and the handshake before them, and the other protocols. */
export function rawHandler(events: HttpIntake, door: Door): RawHandler {
  return {
    wants: (request) => {
      const { method } = request;
      if (method !== 'POST' && method !== 'OPTIONS') return false;
      const path = pathOf(request);
      return path === eventsPath || (method === 'POST' && door.protocolOf(path) !== undefined);
    },
    handle: (request, response) => {
      const protocol = door.protocolOf(pathOf(request));
      if (protocol === undefined) events(request, response);
      else door.handle(request, response, protocol);
    },
  };
}

/** How large an event may be and how old, from the configuration. */
export function eventLimits({ intake }: Config): EventLimits {
  return {
    ...defaultLimits,
    eventBytes: intake.maxEvent,
    oldestFact: Date.parse(`${intake.factsSince}T00:00:00Z`),
    readingAge: intake.readingsAge,
    future: intake.future,
  };
}

const challenge = { 'www-authenticate': 'Bearer realm="territory"' };

/** Why there is no sender: no good token, or one that may not send. */
function deny(request: IncomingMessage, accounts: Accounts): Denied {
  const known = accounts.knows(request.headers.authorization);
  const error = known
    ? accountsError('FORBIDDEN', 'this token may not send events; use one that may `send`')
    : accountsError(
        'UNAUTHENTICATED',
        'send "Authorization: Bearer tty_…" with a good token; the first start wrote one to admin.token',
      );
  return denied(error, known ? {} : challenge);
}

function denied(error: CodedError, headers: Readonly<Record<string, string>>): Denied {
  return { status: error.status, problem: problemOf(error), headers };
}
