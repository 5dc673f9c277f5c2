import type { ReactNode } from 'react';

/** How full something is, 0 to 1, as a bar; the words beside it carry the number. */
export function Meter({ value, label }: { readonly value: number; readonly label: string }): ReactNode {
  const full = Math.min(1, Math.max(0, value));
  const colour = full >= 0.95 ? 'bg-critical' : full >= 0.8 ? 'bg-warning' : 'bg-accent';
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(full * 100)}
      className="h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <div className={`h-full ${colour}`} style={{ width: `${Math.max(full * 100, full > 0 ? 1 : 0)}%` }} />
    </div>
  );
}
