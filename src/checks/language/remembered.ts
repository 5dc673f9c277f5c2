/** `{order}`, and not `{{order}}`, which many templates have. */
const place = /(?<!\{)\{([A-Za-z][\w-]*)\}(?!\})/g;

/** How what is remembered may be called. */
export const isRememberedName = (name: string): boolean => /^[A-Za-z][\w-]*$/.test(name);

/** The names that stand in braces in a text, in their order. */
export const namesIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(place), ([, name = '']) => name);

/** Puts what is remembered where its name stands in braces. What is not remembered stays as it is. */
export const filled = (text: string, known: ReadonlyMap<string, string>): string =>
  known.size === 0
    ? text
    : text.replaceAll(place, (written, name: string) => known.get(name) ?? written);
