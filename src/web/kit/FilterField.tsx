import type { ReactNode } from 'react';

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** What can be typed; it ends in the key that leads here. */
  readonly placeholder: string;
  readonly className?: string;
}

/** The field that the key `/` leads to: narrows what a page shows. */
export function FilterField(props: FilterFieldProps): ReactNode {
  const { label, value, onChange, placeholder, className = 'min-w-0 grow' } = props;
  return (
    <input
      data-filter
      type="search"
      aria-label={label}
      value={value}
      onChange={(e) => onChange(e.target.value)}
      placeholder={`${placeholder}  /`}
      spellCheck={false}
      autoCapitalize="off"
      className={`control ${className}`}
    />
  );
}
