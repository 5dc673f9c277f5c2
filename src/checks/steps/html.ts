import { createRequire } from 'node:module';
import type sax from 'sax';

// Not imported: plugins of Nagios are a process each, and few of them follow a link.
const require = createRequire(import.meta.url);

/** A link of a page: its words, and where it leads as it is written. */
export interface Link {
  readonly words: string;
  readonly href: string;
}

/** What steps look for in a page of HTML. */
export interface Page {
  readonly links: readonly Link[];
  /** Values of fields (`input`, `button`) and contents of `meta`, by their names; the first of each. */
  readonly fields: ReadonlyMap<string, string>;
  /** What links are relative to, where the page says so. */
  readonly base: string | undefined;
}

/**
 * Reads links and fields of a page. It is read as it comes: what is not closed or not known does not
 * matter. Where a page is made by a script they are not there: that is for steps of the browser.
 */
export function pageOf(html: string): Page {
  const reading = new Reading();
  const { parser: parserOf } = require('sax') as typeof sax;
  const parser = parserOf(false, { lowercase: true });
  parser.onopentag = ({ name, attributes }) => reading.opened(name, attributes);
  parser.ontext = (text) => reading.said(text);
  parser.onclosetag = (name) => {
    if (name === 'a') reading.closeLink();
  };
  // What is no HTML is gone over.
  parser.onerror = () => {
    // Null is how it is told to go on; its type says that it is always there.
    (parser as { error: Error | null }).error = null;
    parser.resume();
  };
  parser.write(html).close();
  reading.closeLink();
  return reading;
}

type Attributes = Readonly<Record<string, unknown>>;

class Reading implements Page {
  readonly links: Link[] = [];
  readonly fields = new Map<string, string>();
  base: string | undefined;
  #open: { words: string; readonly href: string } | undefined;

  opened(name: string, attributes: Attributes): void {
    if (name === 'a') this.#openLink(attributes);
    else if (name === 'img') this.said(of(attributes, 'alt') ?? '');
    else if (name === 'base') this.base ??= of(attributes, 'href');
    const holds = { input: 'value', button: 'value', meta: 'content' }[name];
    const value = holds === undefined ? undefined : of(attributes, holds);
    const key = of(attributes, 'name');
    if (value !== undefined && key !== undefined && !this.fields.has(key))
      this.fields.set(key, value);
  }

  said(text: string): void {
    if (this.#open) this.#open.words += text;
  }

  #openLink(attributes: Attributes): void {
    this.closeLink();
    const href = of(attributes, 'href');
    if (href === undefined) return;
    this.#open = { words: '', href };
    const label = of(attributes, 'aria-label');
    if (label !== undefined) this.links.push({ words: plainWords(label), href });
  }

  closeLink(): void {
    if (this.#open) this.links.push({ ...this.#open, words: plainWords(this.#open.words) });
    this.#open = undefined;
  }
}

const of = (attributes: Attributes, name: string): string | undefined => {
  const value = attributes[name];
  return typeof value === 'string' ? value : undefined;
};

const plainWords = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
