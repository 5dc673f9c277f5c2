/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-to-interactive-role, jsx-a11y/click-events-have-key-events -- the list of a combobox (WAI-ARIA APG) has no element of its own, and its keys are handled by the field */
import type { ReactNode, Ref } from 'react';

interface ListboxProps {
  readonly id: string;
  readonly label: string;
  readonly isOpen: boolean;
  readonly options: readonly { readonly text: string; readonly note?: string | undefined }[];
  /** The option that Enter would take; -1: none. */
  readonly at: number;
  readonly onChoose: (index: number) => void;
  /** Said when there are no options. */
  readonly none?: string;
  readonly ref?: Ref<HTMLUListElement>;
}

/** The id of an option, for `aria-activedescendant`. */
export const optionId = (list: string, index: number): string => `${list}-${index}`;

/** The options under a combobox. */
export function Listbox(props: ListboxProps): ReactNode {
  const { id, label, isOpen, options, at, onChoose, none, ref } = props;
  return (
    <ul
      ref={ref}
      id={id}
      role="listbox"
      aria-label={label}
      hidden={!isOpen}
      className="absolute top-[calc(100%+0.25rem)] left-0 z-30 max-h-80 w-max max-w-[min(30rem,90vw)] min-w-full overflow-y-auto rounded-normal border border-line bg-raised py-1 shadow-float sm:min-w-72"
    >
      {options.map((option, i) => (
        <li
          key={option.text}
          id={optionId(id, i)}
          role="option"
          aria-selected={i === at}
          onMouseDown={(e) => e.preventDefault()}
          onClick={() => onChoose(i)}
          className="flex items-baseline justify-between gap-4 px-2.5 py-1 hover:bg-sunken aria-selected:bg-accent-wash"
        >
          <span className="wrap-anywhere">{option.text}</span>
          <span className="text-tiny whitespace-nowrap text-soft">{option.note}</span>
        </li>
      ))}
      {options.length === 0 && none !== undefined && (
        <li
          role="option"
          aria-selected="false"
          aria-disabled="true"
          className="px-2.5 py-1 text-soft"
        >
          {none}
        </li>
      )}
    </ul>
  );
}
