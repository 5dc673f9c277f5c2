import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  /** What the numbers below mean. */
  readonly means: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A part of the page with its definition. */
export function Section({ title, means, wide = false, children }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={`min-w-0 bg-page px-3 py-4 sm:px-5 ${wide ? 'xl:col-span-2' : ''}`}
    >
      <h2 id={id} className="text-lead font-semibold">
        {title}
      </h2>
      <p className="mb-2 max-w-[75ch] text-small text-faint">{means}</p>
      {children}
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly note: ReactNode;
  readonly children?: ReactNode;
}

/** One number that can be read from across the room. */
export function Figure({ name, value, note, children }: FigureProps): ReactNode {
  return (
    <div className="flex min-w-0 flex-col bg-page px-3 py-3 sm:px-5">
      <dt className="label">{name}</dt>
      <dd className="text-figure font-semibold tracking-tight whitespace-nowrap">{value}</dd>
      <dd className="text-small text-soft">{note}</dd>
      {children && <dd className="mt-auto pt-2">{children}</dd>}
    </div>
  );
}

/** Names and values under each other. */
export function Facts(props: {
  readonly of: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  return (
    <dl>
      {props.of.map(([name, value]) => (
        <div
          key={name}
          className="flex items-baseline justify-between gap-4 border-b border-line/60 py-1 last:border-0"
        >
          <dt className="text-soft">{name}</dt>
          <dd className="min-w-0 text-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
