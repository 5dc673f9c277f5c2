// @ts-check
import { createHash, randomBytes } from 'node:crypto';
import Database from 'libsql';

/**
 * @typedef {{ id: number, email: string, name: string }} Person
 * @typedef {{ id: string, item: string, kind: string, email: string, amount: number }} NewOrder
 * @typedef {NewOrder & { state: string, orderedAt: number }} Order
 * @typedef {{ get: (...values: unknown[]) => any, run: (...values: unknown[]) => unknown }} Statement rows are
 *   as the SQL says
 */

/**
 * What people leave with us. Throws what SQLite says when the tables are not what the code needs.
 * @param {string} file
 */
export function openDatabase(file) {
  const database = new Database(file);
  database.exec(
    'pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = normal;',
  );
  /** @type {Map<string, Statement>} */
  const prepared = new Map();
  /** @param {string} sql */
  const sql = (sql) => {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = /** @type {Statement} */ (/** @type {unknown} */ (database.prepare(sql)));
      prepared.set(sql, statement);
    }
    return statement;
  };
  return {
    /** How many there are. */
    orders: () => Number(sql('select count(*) as n from orders').get().n),

    /**
     * Gives the session of somebody new. An address that is known gets none: to know it proves nothing.
     * @param {{ email: string, name: string }} person
     * @returns {string | undefined}
     */
    signUp({ email, name }) {
      const session = randomBytes(24).toString('base64url');
      const added = sql(
        `insert into people (email, name, session, joined_at) values (?, ?, ?, ?)
         on conflict (email) do nothing returning id`,
      ).get(email, name, hashOf(session), Date.now());
      return added === undefined ? undefined : session;
    },

    /**
     * @param {string} session
     * @returns {Person | undefined}
     */
    personOf(session) {
      return sql('select id, email, name from people where session = ?').get(hashOf(session));
    },

    /** @param {NewOrder} order */
    beginOrder({ id, item, kind, email, amount }) {
      sql(
        `insert into orders (id, item, kind, email, amount, state, ordered_at)
         values (?, ?, ?, ?, ?, 'begun', ?)`,
      ).run(id, item, kind, email, amount, Date.now());
    },

    /**
     * @param {string} id
     * @param {{ state: 'paid' | 'refused' | 'unknown', payment?: string }} end
     */
    endOrder(id, { state, payment }) {
      sql('update orders set state = ?, payment = ? where id = ?').run(state, payment ?? null, id);
    },

    /**
     * @param {string} id
     * @returns {Order | undefined}
     */
    order(id) {
      return sql(
        'select id, item, kind, email, amount, state, ordered_at as orderedAt from orders where id = ?',
      ).get(id);
    },

    /** @param {{ id: string, email: string, subject: string, text: string, order?: string | undefined }} letter */
    keepLetter({ id, email, subject, text, order }) {
      sql(
        `insert into letters (id, email, subject, text, order_id, written_at) values (?, ?, ?, ?, ?, ?)`,
      ).run(id, email, subject, text, order ?? null, Date.now());
    },

    close: () => database.close(),
  };
}

/** @param {string} text */
const hashOf = (text) => createHash('sha256').update(text).digest('hex');
