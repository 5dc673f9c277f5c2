// XML 1.0 has no way to write these (production 2, Char); lone surrogates are none either.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it may stand in XML, between tags and in attributes. */
export const escapeXml = (text: string): string =>
  text.replaceAll(forbidden, '\ufffd').replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** `<name a="1">content</name>`; attributes are escaped, what is undefined is left out. */
export function element(
  name: string,
  attributes: Attributes,
  ...content: readonly string[]
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  const inner = content.join('');
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}
