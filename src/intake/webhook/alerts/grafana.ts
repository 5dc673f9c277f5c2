import type { Product } from '../product.ts';
import { authorized, headerOf, hmac, sameText, type Verify, wrong } from '../signature.ts';
import { alertAbout, alertItems, alertRows } from './alert.ts';

const signature = 'X-Grafana-Alerting-Signature';
/** Its name is chosen in Grafana; these are the two that its documentation uses. */
const timestamps = ['X-Grafana-Alerting-Signature-Timestamp', 'X-Grafana-Alerting-Timestamp'];

/** The HMAC where it is switched on (Grafana 12 and later), else the secret as a token. */
const verify: Verify = (signed, secret) => {
  const { headers, raw } = signed;
  const given = headerOf(headers, signature);
  if (given === undefined) {
    authorized(signed, secret);
    return;
  }
  const time = timestamps.map((name) => headerOf(headers, name)).find((one) => one !== undefined);
  const before = time === undefined ? '' : `${time}:`;
  const digest = hmac('sha256', secret, before, raw).toString('hex');
  if (!sameText(given.toLowerCase(), digest)) throw wrong(signature);
};

/** Grafana: grafana.com/docs, "Configure webhook notifications". */
export const grafana: Product = {
  title: 'Grafana',
  tool: 'grafana',
  proof:
    '`X-Grafana-Alerting-Signature`: HMAC-SHA256 of the body, or of `time:body`, hex; else `Authorization` with the secret as bearer token or as password',
  verify,
  secretFrom: 'here',
  idOf: () => undefined,
  items: alertItems,
  about: alertAbout,
  rows: alertRows,
};
