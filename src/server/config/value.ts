import { formatDuration, formatSize, parseDuration, parseSize } from '../../event/quantity.ts';
import type { Setting } from './schema.ts';
import { wrongStructure } from './structure.ts';

/** A list or map is as its schema says. */
export type SettingValue = string | number | boolean | object;

/** What came out of reading one value: the value, or in words what is wrong with it. */
export type Read =
  | { readonly value: SettingValue }
  /** `at`: where in a structure, step by step. */
  | { readonly wrong: string; readonly at?: readonly string[] };

/** Reads a value as it is written in a file, a flag or an environment variable. */
export function readSetting(setting: Setting, written: unknown): Read {
  if (setting.unit === 'structure') return readStructure(setting, written);
  if (typeof written === 'object' || written === undefined)
    return { wrong: `must be ${expected(setting)}` };
  return readText(setting, String(written as string | number | boolean));
}

function readStructure(setting: Setting, written: unknown): Read {
  const value = typeof written === 'string' ? parseJson(written) : written;
  if (typeof value !== 'object' || value === null) return { wrong: `must be ${expected(setting)}` };
  return wrongStructure(setting, value) ?? { value };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
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
      return readChoice(setting, text);
    case 'structure':
      return readStructure(setting, text);
    case 'text':
    case 'path':
      return readPlain(setting, text);
  }
}

/** How a value of the setting is written, for pages and messages. */
export function showSetting(setting: Setting, value: SettingValue | undefined): string {
  if (value === undefined) return '';
  if (setting.unit === 'duration') return formatDuration(Number(value));
  if (setting.unit === 'size') return formatSize(Number(value));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
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
    case 'structure':
      return `a ${Array.isArray(setting.default) ? 'list' : 'map'} (as JSON in a flag or variable)`;
  }
}

function readSwitch(setting: Setting, text: string): Read {
  if (text === 'true' || text === 'on') return { value: true };
  if (text === 'false' || text === 'off') return { value: false };
  return wrong(setting, text);
}

function readChoice(setting: Setting, text: string): Read {
  return setting.enum?.includes(text) === true ? { value: text } : wrong(setting, text);
}

function readPlain(setting: Setting, text: string): Read {
  return matches(setting, text) ? { value: text } : wrong(setting, text);
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
