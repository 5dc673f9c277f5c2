import type { Draft } from '../../event/event.ts';
import { shortName } from '../alerts/names.ts';
import type { Context } from '../room.ts';
import { checkedName, checkedText, invalid, onlyGatekeepers, optionalText } from './checked.ts';
import type { Request } from './command.ts';
import { deploysError } from './errors.ts';
import { factOf, laneSubject, namesOf } from './facts.ts';
import { type DeploysState, maxWaiting } from './state.ts';

const day = 86_400_000;
const longest = 366 * day;
const maxAuthors = 100;
const maxRisks = 50;
const maxRisk = 500;
const idLength = 12;

/** The id of the deploy that a command of this id asks for. */
export function deployIdOf(commandId: string): string {
  return shortName('deploy', commandId).slice(0, idLength);
}

/** The subject of an asking. */
export function requestSubject({ app, environment }: Request, commandId: string): string {
  return `${laneSubject(app.trim(), environment.trim())}/${deployIdOf(commandId)}`;
}

/** Asks for a deploy. Throws TERR_DEPLOYS_INVALID, TERR_DEPLOYS_FOREIGN, TERR_DEPLOYS_FULL. */
export function request(state: DeploysState, asked: Request, context: Context): Draft {
  const id = deployIdOf(context.id);
  const app = checkedName(asked.app, 'app');
  const environment = checkedName(asked.environment, 'environment');
  const version = checkedName(asked.version, 'version');
  refuseMore(state);
  return factOf('deploy.requested', context, {
    subject: requestSubject(asked, context.id),
    app,
    environment,
    attributes: namesOf({ id, app, environment, version }),
    data: {
      deploy: id,
      kind: asked.what,
      version,
      digest: asked.digest,
      previous: previousOf(asked),
      reason: optionalText(asked.reason, 'reason'),
      notBefore: notBeforeOf(asked, context),
      wait: asked.wait === true ? true : undefined,
      ...glassOf(asked, context),
      level: asked.level,
      risks: (asked.risks ?? []).slice(0, maxRisks).map((one) => one.slice(0, maxRisk)),
      authors: (asked.authors ?? [])
        .slice(0, maxAuthors)
        .map(({ author, commits }) => ({ author, commits })),
    },
  });
}

function previousOf({ what, previous }: Request): string | undefined {
  if (what === 'rehearsal' && previous === undefined)
    throw invalid('version', 'nothing stands there yet to which going back could be rehearsed');
  return previous;
}

function notBeforeOf({ notBefore }: Request, { now }: Context): number | undefined {
  if (notBefore === undefined || notBefore <= now) return undefined;
  if (notBefore - now <= longest) return notBefore;
  throw invalid('at', 'it begins within a year');
}

function glassOf({ breakGlass, gatekeeper = false }: Request, context: Context) {
  if (!breakGlass) return {};
  onlyGatekeepers(gatekeeper, context);
  return {
    breakGlass: checkedText(breakGlass.reason, 'breakGlass'),
    rules: [...new Set(breakGlass.rules)],
  };
}

function refuseMore({ deploys }: DeploysState): void {
  let waiting = 0;
  for (const { state } of deploys.values()) if (state === 'waiting') waiting++;
  if (waiting >= maxWaiting)
    throw deploysError('FULL', `${maxWaiting} deploys wait; cancel those that are not needed`);
}
