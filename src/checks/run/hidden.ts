/** Of a value that was cut, so many letters at its beginning are a secret still. */
const leastLetters = 4;

const inHtml: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A value as it may come back: as it is, and as JSON, addresses, forms, pages and Basic have it. */
function formsOf(value: string): readonly string[] {
  // Without halves of letters, which no address has.
  const address = encodeURIComponent(Buffer.from(value).toString());
  return [
    value,
    inJson(value),
    inJson(inJson(value)),
    address,
    address.replaceAll('%20', '+'),
    new URLSearchParams([['', value]]).toString().slice(1),
    value.replaceAll(/[&<>"']/g, (one) => inHtml[one] ?? one),
    value.replaceAll(/\s+/g, ' ').trim(),
    Buffer.from(value).toString('base64'),
  ];
}

/** Values that are shown nowhere, in none of their forms. */
export class Hidden {
  /** The longest first: one may begin as another does. */
  #forms: readonly string[] = [];
  readonly #values = new Set<string>();

  add(value: string): void {
    if (value === '' || this.#values.has(value)) return;
    this.#values.add(value);
    const forms = [...this.#forms, ...formsOf(value)].filter((form) => form !== '');
    this.#forms = [...new Set(forms)].toSorted((a, b) => b.length - a.length);
  }

  /** The text without them, and without the beginning of one that was cut at its end. */
  without(text: string): string {
    const shown = this.#forms.reduce((all, form) => all.replaceAll(form, '***'), text);
    const [closing = ''] = /["'…)\]]*$/.exec(shown) ?? [];
    const bare = shown.slice(0, shown.length - closing.length);
    const cut = this.#forms.map((form) => cutAt(bare, form)).reduce((a, b) => Math.max(a, b), 0);
    return cut === 0 ? shown : `${bare.slice(0, -cut)}***${closing}`;
  }
}

/** How many letters of a form a text ends with; 0: none that matter. */
function cutAt(text: string, form: string): number {
  for (let letters = form.length - 1; letters >= leastLetters; letters--)
    if (text.endsWith(form.slice(0, letters))) return letters;
  return 0;
}
