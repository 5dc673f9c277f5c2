import type { Binding, BindingKey } from '../model.ts';

/**
 * How events find nodes where map.yaml says nothing else: they stand behind its own bindings, the
 * names that say most first. What a node does not name is not looked for.
 */
export const builtInBindings: readonly Binding[] = [
  byName('check', 'check'),
  byName('service.name', 'service'),
  byName('host.name', 'host'),
  byName('subject', 'subject'),
  byName('source', 'source'),
  byName('repository', 'repository'),
  byName('service.namespace', 'namespace'),
  byName('deployment.environment', 'environment'),
];

function byName(key: BindingKey, field: string): Binding {
  const place = { file: 'built in', line: 1, column: 1 };
  return { match: { [key]: `{node.${field}}` }, place };
}
