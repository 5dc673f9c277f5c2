import { list } from '../list.ts';
import type { Asking, Words } from './asking.ts';

/** What is not there, or is not what it was, cannot be deployed. */
export function artefactWords({ question, knowledge, deploy }: Asking): Words {
  const { app, version } = question;
  const { known, moved, digest } = knowledge.artefact;
  if (moved !== undefined)
    return [{ word: 'refuses', reason: moved, lifts: 'a release under a new tag' }];
  if (!known)
    return [
      {
        word: 'refuses',
        reason: `there is no artefact of ${app} ${version}`,
        lifts: `territory release build --tag ${version}`,
      },
    ];
  if (deploy?.digest !== undefined && digest !== undefined && deploy.digest !== digest)
    return [
      {
        word: 'refuses',
        reason: `${app} ${version} is another artefact than when it was asked for`,
        lifts: 'asking again',
      },
    ];
  return [];
}

/** A required key without a value would be found out when the old version is gone. */
export function configWords({ question, knowledge: { missing } }: Asking): Words {
  const { environment } = question;
  if (missing === undefined)
    return [
      { word: 'warns', reason: `no runner of ${environment} has said which keys have a value` },
    ];
  if (missing.length === 0) return [];
  const one = missing.length === 1;
  return [
    {
      word: 'refuses',
      reason: `${list(missing)} ${one ? 'has' : 'have'} no value in ${environment}`,
      lifts: `a value for ${one ? 'it' : 'them'} at the runner of ${environment}`,
    },
  ];
}

/** What a contract migration took away, older code still asks for. */
export function schemaWords({ question, knowledge: { applied = [], unseen = [] } }: Asking): Words {
  const { environment, version } = question;
  const lifts = 'a version that knows this migration';
  if (applied.length > 0)
    return [
      {
        word: 'refuses',
        reason: `${list(applied)} ${applied.length === 1 ? 'is' : 'are'} applied in ${environment}, and ${version} cannot live with that`,
        lifts,
      },
    ];
  if (unseen.length === 0) return [];
  // A refusal ends a deploy, and a server that was just started has not seen anything yet.
  return [
    {
      word: 'waits',
      reason: `no runner of ${environment} has seen lately whether ${list(unseen)} ${unseen.length === 1 ? 'is' : 'are'} applied, and ${version} could not live with that`,
      lifts: `a look of its runner at the database, ${lifts}, or a gatekeeper: --break-glass REASON`,
    },
  ];
}

/** Where only the newest release goes out, old code cannot be brought back by anybody. */
export function newestWords({ question, knowledge: { newest }, policy }: Asking): Words {
  const { version, environment } = question;
  if (!policy.newest || newest === undefined || newest === version) return [];
  return [
    {
      word: 'refuses',
      reason: `${environment} takes only the newest release, which is ${newest}`,
      lifts: `deploying ${newest}, or going back: territory rollback ${question.app} --in ${environment}`,
    },
  ];
}
