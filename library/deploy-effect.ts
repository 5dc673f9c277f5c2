/**
 * Whether a deploy moved the latency of its service, judged by the metric's own history: so many alarms as
 * `falseAlarms` says are wrong, no more.
 *
 * Needs: "http.latency.p95" (the rule `latency` makes it), and deploys as CDEvents.
 * Change: the name; `direction` for metrics of which less is bad.
 */
import { events, moved, rule } from 'territory/rules';

rule('deploy-effect', () =>
  moved(events.where('name = "http.latency.p95"').by('service', 'env'), {
    after: events.where(
      'type = "dev.cdevents.service.deployed" or type = "dev.cdevents.service.upgraded"',
    ),
    baseline: '2h',
    observe: '15m',
    minEffect: 0.05,
    falseAlarms: 0.01,
    direction: 'up',
  }).alert({ title: 'a deploy moved {name} of {service}' }),
);
