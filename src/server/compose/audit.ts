import { encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import type { AccountFact, Audit } from '../accounts/book.ts';
import { ownSource } from '../introspection/own-readings.ts';

/** Keeps changes of accounts on the log, as facts about the user or token. */
export function auditTo(log: Log, now: () => number): Audit {
  return async (fact) => {
    const lines = encodeDrafts([draftOf(fact, now())], ownSource).facts;
    if (lines) await log.append('facts', lines);
  };
}

function draftOf({ what, happened, subject, actor, attributes }: AccountFact, time: number): Draft {
  return {
    time,
    type: `dev.cdeventsx.territory-${what}.${happened}.0.1.0`,
    subject: `${what}/${subject}`,
    service: 'territory',
    attributes: { ...attributes, actor },
  };
}
