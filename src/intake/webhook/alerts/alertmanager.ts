import type { Product } from '../product.ts';
import { authorized } from '../signature.ts';
import { alertAbout, alertItems, alertRows } from './alert.ts';

/** Prometheus Alertmanager: prometheus.io, "Configuration", `<webhook_config>`. */
export const alertmanager: Product = {
  title: 'Alertmanager',
  tool: 'alertmanager',
  proof: '`Authorization`: the secret as bearer token or as password',
  verify: authorized,
  secretFrom: 'here',
  idOf: () => undefined,
  items: alertItems,
  about: alertAbout,
  rows: alertRows,
};
