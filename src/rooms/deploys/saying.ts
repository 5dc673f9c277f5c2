import type { Draft } from '../../event/event.ts';
import type { Context } from '../room.ts';
import { checkedText, onlyGatekeepers, openHere, optionalText } from './checked.ts';
import type { Saying } from './command.ts';
import { deploysError } from './errors.ts';
import { deployFactOf, toldFact } from './facts.ts';
import type { DeployRecord } from './record.ts';
import type { DeploysState } from './state.ts';

/**
 * What people say of a deploy. Said again it changes nothing. Throws TERR_DEPLOYS_UNKNOWN,
 * TERR_DEPLOYS_STATE when it is over, TERR_DEPLOYS_OWN, TERR_DEPLOYS_FOREIGN, TERR_DEPLOYS_INVALID.
 */
export function say(state: DeploysState, said: Saying, context: Context): Draft | undefined {
  const deploy = openHere(state, said.deploy);
  switch (said.kind) {
    case 'cancel':
      return cancel(deploy, said, context);
    case 'approve':
      return approve(deploy, said, context);
    case 'acknowledge': {
      if (lastOf(deploy, context.actor) === 'acknowledged') return undefined;
      const gatekeeper = said.gatekeeper ? true : undefined;
      const text = optionalText(said.text, 'text');
      return deployFactOf('deploy.acknowledged', deploy, context, { text, gatekeeper });
    }
    case 'object':
      return deployFactOf('deploy.objected', deploy, context, {
        text: checkedText(said.text, 'text'),
      });
  }
}

type Of<Kind extends Saying['kind']> = Saying & { readonly kind: Kind };

/** What waits is over at once; what runs is asked to stop, and its runner says how that ended. */
function cancel(deploy: DeployRecord, said: Of<'cancel'>, context: Context): Draft | undefined {
  const text = optionalText(said.text, 'text');
  if (deploy.state === 'running')
    return deploy.cancel ? undefined : deployFactOf('deploy.cancelling', deploy, context, { text });
  const reason = `${context.actor} cancelled it${text === undefined ? '' : `: ${text}`}`;
  return toldFact(deploy, context, { report: 'cancelled', reason, data: {} });
}

function approve(deploy: DeployRecord, said: Of<'approve'>, context: Context): Draft | undefined {
  onlyGatekeepers(said.gatekeeper, context);
  if (deploy.state !== 'waiting')
    throw deploysError(
      'STATE',
      `deploy ${deploy.id} does not wait any more: it is ${deploy.state}`,
    );
  if (deploy.by === context.actor)
    throw deploysError('OWN', 'you asked for this deploy; another gatekeeper approves it');
  const digest = said.digest ?? deploy.digest;
  const before = deploy.approvals.find(({ by }) => by === context.actor);
  if (before && before.digest === digest) return undefined;
  const text = optionalText(said.text, 'text');
  return deployFactOf('deploy.approved', deploy, context, { text, digest });
}

const lastOf = ({ opinions }: DeployRecord, actor: string) =>
  opinions.find(({ by }) => by === actor)?.says;
