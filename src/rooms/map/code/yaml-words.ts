const plain = /^[A-Za-z][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*$/;
/** Words that YAML, or an older one, takes for no text. */
const special = /^(true|false|yes|no|on|off|null|y|n)$/i;
const maxComment = 200;

/** A text as it stands in a flow mapping: quoted where YAML would take it for something else. */
export const scalarOf = (text: string): string =>
  plain.test(text) && !special.test(text) ? text : JSON.stringify(text);

/** A comment behind a line; nothing when there is none. */
export function commentOf(comment: string | undefined): string {
  const line = comment
    ?.replace(/[\s\p{Cc}\p{Zl}\p{Zp}\uFEFF]+/gu, ' ')
    .trim()
    .slice(0, maxComment);
  return line === undefined || line === '' ? '' : `  # ${line}`;
}
