import { type ReactNode, useId } from 'react';

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly (readonly [value: T, text: string])[];
  /** For a thumb: 48 px high on narrow screens. */
  readonly isBig?: boolean;
  readonly onChange: (value: T) => void;
}

/** A choice of one among few, all in sight. Radio buttons underneath: arrows move. */
export function Segmented<T extends string>(props: SegmentedProps<T>): ReactNode {
  const name = useId();
  return (
    <fieldset
      className={`flex ${props.isBig ? 'h-12 sm:h-8' : 'h-8'} shrink-0 rounded-normal border border-line-strong/60 bg-raised p-0.5`}
    >
      <legend className="sr-only">{props.label}</legend>
      {props.options.map(([value, text]) => (
        <label
          key={value}
          className="relative flex cursor-pointer items-center rounded-small px-2 text-body whitespace-nowrap text-soft hover:text-ink has-checked:bg-accent-wash has-checked:font-semibold has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            className="sr-only"
            checked={props.value === value}
            onChange={() => props.onChange(value)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
