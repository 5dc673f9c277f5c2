// @ts-check

/** Text that is HTML already. */
export class Html {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** @typedef {Html | string | number | undefined | false | readonly (Html | string)[]} Piece */

/**
 * Everything put in is escaped, but what is HTML already.
 * @param {TemplateStringsArray} strings
 * @param {...Piece} pieces
 */
export const html = (strings, ...pieces) =>
  new Html(strings.reduce((text, next, at) => text + textOf(pieces[at - 1]) + next));

/**
 * @param {Piece} piece
 * @returns {string}
 */
function textOf(piece) {
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'object') return piece.map(textOf).join('');
  return piece === undefined || piece === false ? '' : escape(`${piece}`);
}

/** @param {string} text */
const escape = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
