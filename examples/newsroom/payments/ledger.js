// @ts-check
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/** @typedef {{ id: string, order: string, state: 'paid' | 'declined', amount: number }} Charge */

/**
 * The charges of all customers. An order is charged once, however often it is asked for.
 * @param {string} store folder of the file
 * @param {number} declinesOneIn how many orders there are to one that is declined; 0 declines none
 */
export function openLedger(store, declinesOneIn) {
  mkdirSync(store, { recursive: true });
  const database = new Database(join(store, 'payments.db'));
  database.exec(`
    pragma busy_timeout = 5000;
    pragma journal_mode = wal;
    create table if not exists charges (
      id text primary key,
      order_id text not null unique,
      amount real not null,
      currency text not null,
      state text not null,
      charged_at integer not null
    );`);
  const find = database.prepare('select id, state, amount from charges where order_id = ?');
  const add = database.prepare('insert or ignore into charges values (?, ?, ?, ?, ?, ?)');
  const total = database.prepare(
    `select count(*) as charges, coalesce(sum(amount), 0) as sum from charges where state = 'paid'`,
  );
  return {
    /**
     * @param {{ order: string, amount: number, currency: string }} wish
     * @returns {Charge}
     */
    charge({ order, amount, currency }) {
      const state = isDeclined(order, declinesOneIn) ? 'declined' : 'paid';
      add.run(randomUUID(), order, amount, currency, state, Date.now());
      const kept = /** @type {Omit<Charge, 'order'>} */ (find.get(order));
      return { id: kept.id, order, state: kept.state, amount: kept.amount };
    },
    /** @returns {{ charges: number, sum: number }} */
    sum() {
      const { charges, sum } = /** @type {{ charges: number, sum: number }} */ (total.get());
      return { charges, sum };
    },
    close: () => database.close(),
  };
}

/**
 * By the order's id, so that asking again changes nothing.
 * @param {string} order
 * @param {number} oneIn
 */
function isDeclined(order, oneIn) {
  let hash = 7;
  for (const letter of order) hash = (hash * 33 + letter.charCodeAt(0)) >>> 0;
  return oneIn > 0 && hash % oneIn === 0;
}
