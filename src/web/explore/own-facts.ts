import type { PlacedEvent } from '../../server/api/contract.ts';

const own =
  /\.territory-(alert|notification|silence|scale|rules?|token|user|session|history|settings?)\./;

/** Whether a fact is about Territory's own work; over a chart such facts would hide the deploys. */
export const isOwnFact = ({ type }: Pick<PlacedEvent, 'type'>): boolean => own.test(type);
