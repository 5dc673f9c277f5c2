import type { ReactNode } from 'react';

/** A part of a page with its heading. */
export function Part(props: {
  readonly title: string;
  /** By what the guided tour finds it. */
  readonly tour?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section aria-label={props.title} data-tour={props.tour} className="min-w-0">
      <h2 className="mb-1.5 font-semibold">{props.title}</h2>
      {props.children}
    </section>
  );
}
