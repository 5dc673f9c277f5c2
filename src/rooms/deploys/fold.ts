import type { PlacedEvent } from '../../event/codec.ts';
import { Payload } from '../alerts/facts.ts';
import { foldArranged } from './arranged-fold.ts';
import { foldDeploy } from './deploy-fold.ts';
import { happeningOf } from './facts.ts';
import type { DeploysState } from './state.ts';

/** The state with one fact more. Total: what makes no sense changes nothing. */
export function foldDeploys(state: DeploysState, event: PlacedEvent): DeploysState {
  const happening = happeningOf(event);
  if (happening === undefined) return state;
  const payload = new Payload(event.data);
  const said = happening.startsWith('service.') ? new Payload(payload.json('customData')) : payload;
  const fact = { event, payload: said };
  if (!foldArranged(state, happening, fact)) foldDeploy(state, happening, fact);
  return state;
}
