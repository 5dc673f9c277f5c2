// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ word: string, means: string }} Synonym
 * @typedef {{ question: string, answer: string }} Question
 * @typedef {{ title: string, query: string }} Topic
 */

/**
 * What editors write, beside the code and released with it.
 * @param {string} folder
 */
export function openWords(folder) {
  /** @param {string} name @returns {any} */
  const read = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  return {
    /** @type {Synonym[]} */
    synonyms: read('synonyms'),
    /** @type {Question[]} */
    questions: read('questions'),
    /** @type {Topic[]} */
    topics: read('topics'),
    /** EUR. @type {Record<string, { title: string, text: string, price: number }>} */
    offers: read('offers'),
  };
}
