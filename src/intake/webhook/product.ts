import type { IncomingHttpHeaders } from 'node:http';
import type { Body } from './body.ts';
import { type Fact, type Part, custom } from './fact.ts';
import type { Verify } from './signature.ts';

/** One request of a product, after its signature was found good. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

/** One thing that a delivery tells of. */
export interface Item {
  /** In the product's own words: `pull_request`. */
  readonly event: string;
  /** `closed`; empty where the product has none. */
  readonly action: string;
  /** The whole body, or the part of it that this is about. */
  readonly body: Body;
  readonly delivery: Delivery;
}

/** One line of a mapping: what an event becomes. The tables in the documentation are made of these. */
export interface Row {
  readonly event: string;
  /** Any, where it is left out. */
  readonly actions?: readonly string[];
  /** What else must hold, in words and as a test. */
  readonly when?: readonly [words: string, holds: (item: Item) => boolean];
  /** The whole type of the fact. */
  readonly type: string;
  readonly part: (item: Item) => Part;
  /** Facts beside it, of these types. */
  readonly more?: {
    readonly types: readonly string[];
    readonly facts: (item: Item) => readonly Fact[];
  };
}

/** A product whose webhooks are understood. */
export interface Product {
  /** As people call it. */
  readonly title: string;
  /** Of the types of facts that CDEvents has no word for: `dev.cdeventsx.<tool>-…`. */
  readonly tool: string;
  /** How its deliveries are proved, in words. */
  readonly proof: string;
  readonly verify: Verify;
  /** Whether the product makes the secret, or is told ours. */
  readonly secretFrom: 'here' | 'product' | 'either';
  /** The id of a delivery, the same when it is sent again; undefined when there is none. */
  readonly idOf: (delivery: Delivery) => string | undefined;
  readonly items: (delivery: Delivery) => readonly Item[];
  /** What all its facts say, and the whole of those that no row is about. */
  readonly about: (item: Item) => Part;
  readonly rows: readonly Row[];
  /** What becomes of events without a row, in words; nothing when every event has one. */
  readonly others?: string;
}

/** The facts of what a delivery tells of, one after the other: a body can hold thousands. */
export function* factsOf(product: Product, items: readonly Item[]): Generator<Fact> {
  for (const item of items) {
    const about = product.about(item);
    const row = rowOf(product, item);
    yield* row?.more?.facts(item) ?? [];
    yield row === undefined
      ? { ...about, type: custom(product.tool, item.event, item.action) }
      : joined(row.type, about, row.part(item));
  }
}

/** The row that an item falls into: the first that fits. */
export function rowOf(product: Product, item: Item): Row | undefined {
  return product.rows.find(
    ({ event, actions, when }) =>
      event === item.event &&
      (actions === undefined || actions.includes(item.action)) &&
      (when === undefined || when[1](item)),
  );
}

function joined(type: string, about: Part, part: Part): Fact {
  return { ...about, ...part, type, attributes: { ...about.attributes, ...part.attributes } };
}
