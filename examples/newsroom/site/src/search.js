// @ts-check

/**
 * Clips that have all the words of a query, those first that have them in the title. A word also finds
 * what it means.
 *
 * @param {readonly import('./items.js').Item[]} items
 * @param {string} query
 * @param {readonly import('./words.js').Synonym[]} [synonyms]
 * @returns {import('./items.js').Item[]}
 */
export function search(items, query, synonyms = []) {
  const words = wordsOf(query).map((word) => [
    word,
    ...synonyms.filter((one) => one.word === word).map((one) => one.means),
  ]);
  if (words.length === 0) return [...items];
  return items
    .map((item) => ({ item, score: scoreOf(item, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || b.item.publishedAt - a.item.publishedAt)
    .map(({ item }) => item);
}

/**
 * @param {import('./items.js').Item} item
 * @param {readonly (readonly string[])[]} words each with what it means
 */
function scoreOf(item, words) {
  const title = wordsOf(item.title);
  const rest = wordsOf(`${item.description} ${item.feed}`);
  let score = 0;
  for (const meanings of words) {
    const found = meanings.some((word) => startsWith(title, word))
      ? 3
      : meanings.some((word) => startsWith(rest, word))
        ? 1
        : 0;
    if (found === 0) return 0;
    score += found;
  }
  return score;
}

/**
 * @param {readonly string[]} words
 * @param {string} beginning
 */
const startsWith = (words, beginning) => words.some((word) => word.startsWith(beginning));

/**
 * Without accents and capitals.
 * @param {string} text
 */
export const wordsOf = (text) =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
