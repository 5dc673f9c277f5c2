// @ts-check
import { atomically } from './database.js';

/** @typedef {string | number | null} Value */

/** The database of the pipeline, as one process uses it. What it can not write at once throws. */
export class Table {
  #database;
  /** By their text, of which there are some dozens. @type {Map<string, ReturnType<import('libsql').default['prepare']>>} */
  #statements = new Map();
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
    return this.#statement(sql).all(...values);
  }

  /**
   * @param {string} sql
   * @param {readonly Value[]} [values]
   * @returns {number} rows that it changed
   */
  change(sql, values = []) {
    return this.#statement(sql).run(...values).changes;
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
    this.#statements.clear();
    this.#database.close();
  }

  /** Compiled once: workers ask the same things five times a second. @param {string} sql */
  #statement(sql) {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}
