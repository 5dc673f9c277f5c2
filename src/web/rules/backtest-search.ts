import { pickText } from '../kit/pick-text.ts';

const keys = ['file', 'ready', 'rule', 'text', 'alert', 'last', 'from', 'to'] as const;

/**
 * What the address of a backtest says. Which rules: a file of the rules directory, a ready rule, a
 * text (packed), or without any all that run now; `rule` is the only one of them that is wanted.
 * Which time: the `last` so long, `from` and `to`, or around an `alert`. Opening it runs nothing: a
 * text from an address is somebody else's code until a person has seen it and presses the button.
 */
export type BacktestSearch = Partial<Record<(typeof keys)[number], string>>;

/** A part of the address to change; undefined takes it out. */
export type BacktestChange = { readonly [K in keyof BacktestSearch]?: string | undefined };

/** Reads the address. */
export const backtestSearch = (raw: Record<string, unknown>): BacktestSearch => pickText(raw, keys);
