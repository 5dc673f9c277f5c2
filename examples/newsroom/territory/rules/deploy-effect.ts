/**
 * Whether a release moved how long searches take, judged by the metric's own history: no limit that
 * somebody has to know. It needs 200 comparable places in that history, and what lies around a deploy is
 * none: with a deploy every three minutes that takes a good quarter of an hour. Until then its verdict is
 * that it cannot tell, and that is on the log as well ("change.verdict").
 *
 * Needs: a reading "http.server.request.duration" for each request; deploys of the site.
 */
import { events, moved, rule } from 'territory/rules';

rule('deploy-effect', () =>
  moved(
    events
      .where(
        'name = "http.server.request.duration" and http.route = "/search" and service = "site" and environment = "production"',
      )
      .by('service', 'environment'),
    {
      after: events.where('type = "dev.cdevents.service.deployed"'),
      // Short, since the next deploy is never far: 24 readings of two thirds of a second on each side.
      baseline: '16s',
      observe: '16s',
      // A deploy is told when it was watched for six seconds.
      late: '10s',
      minEffect: 0.2,
      falseAlarms: 0.01,
      direction: 'up',
    },
  ).alert({
    title: '{version} of the {service} moved how long a search takes, to {metric:number} s',
    team: 'web',
  }),
);
