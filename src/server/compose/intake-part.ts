import type { IncomingMessage } from 'node:http';
import { type EventLimits, defaultLimits } from '../../event/limits.ts';
import type { CodedError } from '../../errors/coded-error.ts';
import { type Denied, type HttpIntake, httpIntake } from '../../intake/http/http-intake.ts';
import type { Sender } from '../../intake/intake.ts';
import type { Log } from '../../log/log.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Config } from '../config/schema.ts';
import { accountsError } from '../errors.ts';
import { type RawHandler, pathOf } from '../http/listener.ts';
import { problemOf } from '../http/problem.ts';

const path = '/api/v1/events';

/** The HTTP intake with its limits from the configuration. */
export function intakePart(
  config: Config,
  log: Log,
  {
    accounts,
    now,
    onFailure,
  }: {
    readonly accounts: Accounts;
    readonly now: () => number;
    /** Told of a failure that nobody foresaw; the sender is only told that there was one. */
    readonly onFailure: (cause: unknown) => void;
  },
): HttpIntake {
  const { maxBody, maxEvents, maxInFlight, bodyTimeout } = config.intake;
  const limits = { event: eventLimits(config), maxBody, maxEvents, maxInFlight, bodyTimeout };
  const authorise = (request: IncomingMessage): Sender | Denied =>
    accounts.sender(request.headers.authorization) ?? deny(request, accounts);
  return httpIntake({ log, authorise, limits, now, onFailure });
}

/** What the router never sees: events, and the handshake before them. */
export function rawHandler(intake: HttpIntake): RawHandler {
  return {
    wants: (request) =>
      (request.method === 'POST' || request.method === 'OPTIONS') && pathOf(request) === path,
    handle: intake,
  };
}

function eventLimits({ intake }: Config): EventLimits {
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
