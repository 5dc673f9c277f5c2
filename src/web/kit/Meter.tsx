import type { ReactNode } from 'react';

/** How full something is, 0 to 1, as a bar; the words beside it carry the number. */
export function Meter({
  value,
  label,
}: {
  readonly value: number;
  readonly label: string;
}): ReactNode {
  const full = Math.min(1, Math.max(0, value));
  const colour = full >= 0.95 ? 'bg-critical' : full >= 0.8 ? 'bg-warning' : 'bg-accent';
  return (
    <div className="h-1.5 w-full overflow-hidden rounded-full bg-line">
      <meter
        className="sr-only"
        aria-label={label}
        min={0}
        max={100}
        value={Math.round(full * 100)}
      />
      <div
        className={`h-full ${colour}`}
        style={{ width: `${Math.max(full * 100, full > 0 ? 1 : 0)}%` }}
      />
    </div>
  );
}
