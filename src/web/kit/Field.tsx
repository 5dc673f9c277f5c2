import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  readonly label: string;
  readonly error?: string | undefined;
  readonly hint?: string;
  readonly onChange?: (value: string) => void;
}

/** A labelled line of text with its hint or its error under it. */
export function Field(props: FieldProps): ReactNode {
  const { label, error, hint, onChange, className = '', ...rest } = props;
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={`flex flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="label">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        {...rest}
        onChange={(e) => onChange?.(e.target.value)}
        className={`control w-full ${error === undefined ? '' : 'border-critical'}`}
      />
      {note !== undefined && (
        <p
          id={`${id}-note`}
          className={`text-small ${error === undefined ? 'text-faint' : 'text-critical'}`}
        >
          {note}
        </p>
      )}
    </div>
  );
}

interface SelectProps<T extends string> extends Omit<
  SelectHTMLAttributes<HTMLSelectElement>,
  'onChange' | 'value'
> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T) => void;
}

/** A labelled choice of one. */
export function Select<T extends string>(props: SelectProps<T>): ReactNode {
  const { label, value, options, onChange, className = '', ...rest } = props;
  const id = useId();
  return (
    <div className={`flex flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="label">
        {label}
      </label>
      <select
        id={id}
        {...rest}
        value={value}
        onChange={(e) => {
          const chosen = options.find(([v]) => v === e.target.value);
          if (chosen) onChange(chosen[0]);
        }}
        className="control w-full"
      >
        {options.map(([v, text]) => (
          <option key={v} value={v}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange'> {
  readonly label: string;
  readonly hint?: string;
  readonly onChange: (value: string) => void;
}

/** Labelled lines of text. */
export function TextArea({
  label,
  hint,
  onChange,
  className = '',
  ...rest
}: TextAreaProps): ReactNode {
  const id = useId();
  return (
    <div className={`flex flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="label">
        {label}
      </label>
      <textarea
        id={id}
        rows={2}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        {...rest}
        onChange={(e) => onChange(e.target.value)}
        className="control h-auto! w-full py-1.5"
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-small text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}
