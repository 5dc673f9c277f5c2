/**
 * Whether a release moved how long searches take, judged by the metric's own history: no limit that
 * somebody has to know. It needs some 15 minutes of history; until then its verdict is that it
 * cannot tell, and that is on the log as well ("change.verdict").
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
      baseline: '2m',
      observe: '36s',
      minEffect: 0.2,
      falseAlarms: 0.01,
      direction: 'up',
    },
  ).alert({
    title: '{version} of the {service} moved how long a search takes, to {metric:number} s',
    team: 'web',
  }),
);
