// @ts-check

/**
 * What a clip costs: between 9 and 39 EUR, always the same for the same clip.
 * @param {string} item
 */
export function priceOf(item) {
  let hash = 0;
  for (const letter of item) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return { item, price: 9 + (hash % 31), currency: 'EUR', vat: 0.2 };
}
