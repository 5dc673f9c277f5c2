/** What one check found. `todo` says what to do about it, unless all is well. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warning' | 'wrong';
  readonly message: string;
  readonly todo?: string;
}

export const ok = (check: string, message: string): Finding => ({ check, level: 'ok', message });

export const warning = (check: string, message: string, todo: string): Finding => ({
  check,
  level: 'warning',
  message,
  todo,
});

export const wrong = (check: string, message: string, todo: string): Finding => ({
  check,
  level: 'wrong',
  message,
  todo,
});

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
