import type { BindingKey, NodeNames } from '../model.ts';
import { repositoryName } from '../../thread/names.ts';
import type { EventNames } from './names.ts';

/** The name of an event that a key of a binding compares. */
export const nameOfKey = {
  'service.name': 'service',
  'service.namespace': 'namespace',
  'deployment.environment': 'environment',
  'host.name': 'host',
  source: 'source',
  subject: 'subject',
  repository: 'repository',
  check: 'check',
} as const satisfies Record<BindingKey, keyof EventNames>;

/** A pattern as it is compared: `*` stands for any text, and for none. */
export interface Pattern {
  /** What is to be found as it stands. Without `*` the only part, and all there is. */
  readonly parts: readonly string[];
  /** Characters that are not `*`: of two that fit, the longer says more. */
  readonly length: number;
}

const template = /\{node\.([a-z]+)\}/g;

/** Whether a pattern speaks of a node's own names. */
export const isTemplate = (text: string): boolean => text.search(template) >= 0;

/** The text of a pattern for one node; undefined when it has no name that the pattern speaks of. */
export function filled(text: string, id: string, names: NodeNames): string | undefined {
  let missing = false;
  const full = text.replace(template, (_, field: string) => {
    const value = field === 'id' ? id : fieldOf(names, field);
    missing ||= value === undefined;
    return value ?? '';
  });
  return missing ? undefined : full;
}

function fieldOf(names: NodeNames, field: string): string | undefined {
  if (!Object.hasOwn(names, field)) return undefined;
  return names[field as keyof NodeNames]; // one of its own keys
}

/** A pattern of a name; repositories are compared as `repositoryName` writes them. */
export function patternOf(name: keyof EventNames, text: string): Pattern {
  const plain = name === 'repository' ? (repositoryName(text) ?? text) : text;
  const parts = plain.split('*');
  return { parts, length: parts.reduce((sum, part) => sum + part.length, 0) };
}

/** Whether a pattern has no `*`. */
export const isExact = ({ parts }: Pattern): boolean => parts.length === 1;

/** Whether a text fits a pattern. Linear in the text for each part. */
export function fits({ parts }: Pattern, text: string): boolean {
  const first = parts[0] ?? '';
  const last = parts.length > 1 ? (parts.at(-1) ?? '') : undefined;
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (let i = 1; i < parts.length - 1; i++) {
    const part = parts[i] ?? '';
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
