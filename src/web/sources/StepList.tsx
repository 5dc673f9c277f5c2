import { Children, type ReactNode } from 'react';

/** What is to be done, one after the other. */
export function StepList({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <ol className="flex max-w-5xl flex-col gap-6 px-3 py-4 sm:px-5">
      {Children.toArray(children)}
    </ol>
  );
}

/** One thing to do. */
export function Step(props: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <li className="min-w-0">
      <h2 className="mb-2 text-lead font-semibold">{props.title}</h2>
      {props.children}
    </li>
  );
}
