import { formatDuration, formatSize, parseDuration, parseSize } from '../../event/quantity.ts';
import type { Setting } from './schema.ts';

export type SettingValue = string | number | boolean;

/** What came out of reading one value: the value, or in words what is wrong with it. */
export type Read = { readonly value: SettingValue } | { readonly wrong: string };

/** Reads a value as it is written in a file, a flag or an environment variable. */
export function readSetting(setting: Setting, written: unknown): Read {
  if (typeof written === 'object' || written === undefined)
    return { wrong: `must be ${expected(setting)}` };
  return readText(setting, String(written as SettingValue));
}

function readText(setting: Setting, text: string): Read {
  switch (setting.unit) {
    case 'duration':
      return inBounds(setting, parseDuration(text));
    case 'size':
      return inBounds(setting, parseSize(text));
    case 'number':
      return inBounds(setting, /^-?\d+$/.test(text) ? Number(text) : undefined);
    case 'switch':
      return readSwitch(setting, text);
    case 'choice':
      return setting.enum?.includes(text) ? { value: text } : wrong(setting, text);
    case 'text':
    case 'path':
      return matches(setting, text) ? { value: text } : wrong(setting, text);
  }
}

/** How a value of the setting is written, for pages and messages. */
export function showSetting(setting: Setting, value: SettingValue | undefined): string {
  if (value === undefined) return '';
  if (setting.unit === 'duration') return formatDuration(Number(value));
  if (setting.unit === 'size') return formatSize(Number(value));
  return String(value);
}

/** What may be written, in words: `a duration such as 30s, 5m, 7d, at least 1s`. */
export function expected(setting: Setting): string {
  const words = kindOf(setting);
  const { minimum, maximum } = setting;
  if (maximum !== undefined) return `${words} from ${minimum ?? 0} to ${maximum}`;
  return minimum ? `${words}, at least ${showSetting(setting, minimum)}` : words;
}

function kindOf(setting: Setting): string {
  switch (setting.unit) {
    case 'duration':
      return 'a duration such as 250ms, 30s, 5m, 12h, 7d, or 0';
    case 'size':
      return 'a size such as 64MiB, 500MB, 10GB, or 0';
    case 'number':
      return 'a whole number';
    case 'switch':
      return 'true or false';
    case 'choice':
      return `one of ${(setting.enum ?? []).join(', ')}`;
    case 'text':
      return setting.pattern === undefined ? 'text' : `text like ${setting.pattern}`;
    case 'path':
      return 'a path';
  }
}

function readSwitch(setting: Setting, text: string): Read {
  if (text === 'true' || text === 'on') return { value: true };
  if (text === 'false' || text === 'off') return { value: false };
  return wrong(setting, text);
}

function matches(setting: Setting, text: string): boolean {
  return text !== '' && (setting.pattern === undefined || new RegExp(setting.pattern).test(text));
}

function inBounds(setting: Setting, value: number | undefined): Read {
  const { minimum = -Infinity, maximum = Infinity } = setting;
  if (value === undefined || value < minimum || value > maximum)
    return { wrong: `must be ${expected(setting)}` };
  return { value };
}

function wrong(setting: Setting, text: string): Read {
  return { wrong: `must be ${expected(setting)}, not ${JSON.stringify(text.slice(0, 100))}` };
}
