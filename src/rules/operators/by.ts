import { keyGetter } from '../engine/keys.ts';
import type { OperatorKind } from '../engine/operator.ts';

/** Gives each combination of values a scope of its own. */
export const by: OperatorKind = {
  stateful: false,
  label: ({ fields }) => (fields as readonly string[]).join(', '),
  start: ({ fields, send, scopeOf, root }) => {
    const getters = fields.map(keyGetter);
    // One list for all events: the table copies it when it makes a scope.
    const labels = fields.map(() => '');
    return {
      event: (event, scope) => {
        const outer = scope === root ? 0 : scope.labels.length;
        for (let i = 0; i < getters.length; i++)
          labels[i] =
            i < outer ? (scope.labels[i] as string) : (getters[i] as (typeof getters)[0])(event);
        const own = scopeOf(labels);
        if (own) send(event, own);
      },
    };
  },
};
