// @ts-check
import { atomically } from './database.js';

/** @typedef {string | number | null} Value */

/** The database of the pipeline, as one process uses it. What it can not write at once throws. */
export class Table {
  #database;
  /** @type {() => number} ms since the epoch */
  now;

  /** @param {import('libsql').default} database @param {() => number} now */
  constructor(database, now) {
    this.#database = database;
    this.now = now;
  }

  /**
   * @param {string} sql
   * @param {readonly Value[]} [values]
   * @returns {any[]} shaped as the query says
   */
  rows(sql, values = []) {
    return this.#database.prepare(sql).all(...values);
  }

  /**
   * @param {string} sql
   * @param {readonly Value[]} [values]
   * @returns {number} rows that it changed
   */
  change(sql, values = []) {
    return this.#database.prepare(sql).run(...values).changes;
  }

  /**
   * All of it or nothing, and nobody else writes in between.
   * @template T
   * @param {() => T} change
   * @returns {T}
   */
  atomically(change) {
    return atomically(this.#database, change);
  }

  close() {
    this.#database.close();
  }
}
