import type { ReactNode } from 'react';
import { StateMark } from '../kit/StateMark.tsx';

/** Whether a release's migrations can be taken back; pointing at it says why not. */
export function WayBack(props: {
  readonly reversible: { readonly value: boolean; readonly why: readonly string[] };
}): ReactNode {
  const { value, why } = props.reversible;
  return (
    <span title={why.join('; ') || undefined} className="inline-flex">
      <StateMark state={value ? 'ok' : 'warning'} word={value ? 'reversible' : 'irreversible'} />
    </span>
  );
}
