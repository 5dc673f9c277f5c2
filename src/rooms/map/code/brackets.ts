/**
 * Patterns of events have conditions in brackets, `service.deployed[env=production,outcome=pass]`, and
 * edges have braces, `lb => {web1, web2} need 1`, which YAML would take for lists and mappings. So they
 * are veiled before it looks: each character by one of as many units, so that places stay where they
 * are.
 */
const veils = [
  ['[', '\uFDD0'],
  [']', '\uFDD1'],
  [',', '\uFDD2'],
  ['{', '\uFDD3'],
  ['}', '\uFDD4'],
] as const;
const toVeil = new Map<string, string>(veils);
const fromVeil = new Map<string, string>(veils.map(([plain, veil]) => [veil, plain]));

// A bracket right behind a word begins no list in YAML, not even in JSON, but at the end of a key.
const conditions = /(?<=[\w*])\[[^[\]"'\r\n]{0,400}\]/g;
// Neither has YAML a mapping beside an arrow, or before a word.
const braces =
  /(?:(?<=[-=^]>[ \t]{0,5}|~>?[ \t]{0,5})\{[^{}"'\r\n]{0,4000}\})|\{[^{}"'\r\n]{0,4000}\}(?=[ \t]{0,5}(?:need\b|[-=~^]>))/g;

/** A text of YAML in which conditions and braces of edges are plain text. */
export const veil = (text: string): string =>
  text.replace(conditions, veiled).replace(braces, veiled);

const veiled = (found: string): string =>
  found.replace(/[[\],{}]/g, (one) => toVeil.get(one) ?? one);

/** The text as it was written. */
export const unveil = (text: string): string =>
  text.replace(/[\uFDD0-\uFDD4]/g, (one) => fromVeil.get(one) ?? one);
