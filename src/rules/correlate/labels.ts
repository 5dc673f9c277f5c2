/** The name under which changes and troubles carry a field of a key: `env` is `environment`, `label.x` is `x`. */
export function fieldName(field: string): string {
  if (field === 'env') return 'environment';
  return field.replace(/^(?:label|attributes)\./, '');
}

/** The values of a key by those names; without those that the key lacks. */
export function namedKey(
  fields: readonly string[],
  labels: readonly string[],
): Readonly<Record<string, string>> {
  const named: Record<string, string> = {};
  for (const [i, field] of fields.entries()) {
    const label = labels[i];
    if (label !== undefined && label !== '') named[fieldName(field)] = label;
  }
  return named;
}

/** Whether two sets of labels name the same in these fields, as far as both name them. */
export function agree(
  some: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
  on: readonly string[],
): boolean {
  return on.every((field) => {
    const name = fieldName(field);
    const [one, other] = [some[name], others[name]];
    return one === undefined || other === undefined || one === other;
  });
}

/** Whether they agree, and name at least one of these fields both; without fields they share all. */
export function share(
  some: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
  on: readonly string[],
): boolean {
  if (!agree(some, others, on)) return false;
  return on.length === 0 || on.map(fieldName).some((name) => name in some && name in others);
}
