/**
 * Patterns of events have conditions in brackets, `service.deployed[env=production,outcome=pass]`,
 * which YAML would take for a list wherever a flow mapping is around. So they are veiled before it
 * looks: each character by one of as many units, so that places stay where they are.
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

/** A text of YAML in which conditions are plain text. */
export const veil = (text: string): string =>
  text.replace(conditions, (found) => found.replace(/[[\],{}]/g, (one) => toVeil.get(one) ?? one));

/** The text as it was written. */
export const unveil = (text: string): string =>
  text.replace(/[\uFDD0-\uFDD4]/g, (one) => fromVeil.get(one) ?? one);
