import type { OperatorKind } from '../engine/operator.ts';
import { compileTemplate } from '../language/template.ts';
import { written } from './look.ts';

/**
 * A message for each event, by its templates. Whoever sends it limits and retries; `digest`,
 * `throttle` and `dedupe` before it keep it from being many. Keeps nothing.
 */
export const notify: OperatorKind = {
  stateful: false,
  label: ({ to }) => written(to),
  start: ({ args, decide }) => {
    const [to, title, body] = [args['to'], args['title'], args['body']] as [string, string, string];
    const titleOf = compileTemplate(title);
    const bodyOf = compileTemplate(body);
    return {
      event: (event, scope) =>
        decide(
          { kind: 'notify', at: event.time, to, title: titleOf(event), body: bodyOf(event) },
          scope,
        ),
    };
  },
};
