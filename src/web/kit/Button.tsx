import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';

const looks = {
  plain:
    'border-line-strong/60 bg-raised text-ink hover:bg-sunken aria-pressed:border-accent aria-pressed:bg-accent-wash',
  primary: 'border-transparent bg-accent text-on-accent font-semibold hover:opacity-90',
  quiet: 'border-transparent bg-transparent text-soft hover:bg-sunken hover:text-ink',
} as const;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: keyof typeof looks;
  readonly icon?: IconName | undefined;
  /** Shows only the icon; the children become its name. */
  readonly iconOnly?: boolean;
  /** For a thumb: 48 px high on narrow screens. */
  readonly isBig?: boolean;
  /** Why it can't be pressed now: disables it and says so. */
  readonly because?: string | undefined;
}

/** The one button. Give `because` rather than hiding it or disabling it without a word. */
export function Button(props: ButtonProps): ReactNode {
  const {
    look = 'plain',
    icon,
    iconOnly,
    isBig,
    because,
    children,
    className = '',
    ...rest
  } = props;
  const width = iconOnly ? 'w-8' : isBig ? 'px-4 sm:px-2.5' : 'px-2.5';
  const height = isBig ? 'h-12 sm:h-8' : 'h-8';
  return (
    <button
      type="button"
      disabled={because !== undefined}
      title={because ?? (iconOnly && typeof children === 'string' ? children : undefined)}
      {...rest}
      className={`inline-flex shrink-0 items-center justify-center gap-1.5 rounded-normal border text-body whitespace-nowrap transition-colors disabled:border-line disabled:bg-transparent disabled:text-faint ${height} ${width} ${looks[look]} ${className}`}
    >
      {icon && <Icon name={icon} />}
      {iconOnly ? <span className="sr-only">{children}</span> : children}
    </button>
  );
}
