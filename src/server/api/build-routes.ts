import {
  type BuildLine,
  type BuildRun,
  buildStanding,
  isMainBranch,
} from '../../rooms/builds/fold.ts';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import { type Build, Builds, BuildsQuery, type BuildRun as RunView } from './contract-builds.ts';

/** GET /api/v1/builds */
export function addBuildRoutes(app: App, { builds, now }: Pick<Parts, 'builds' | 'now'>): void {
  app.get(
    '/api/v1/builds',
    {
      schema: {
        summary: 'How the pipelines of CI stand, as their facts tell it',
        tags: ['releases'],
        querystring: BuildsQuery,
        response: answers(Builds, 400, 401, 403, 503),
      },
    },
    (request): Builds => {
      const lines = [...builds.state.lines()];
      const all = request.query.branches === 'all';
      const shown = lines.filter(({ branch }) => all || isMainBranch(branch));
      const others = lines.filter((line) => !shown.includes(line));
      return {
        time: now(),
        builds: shown.map(viewOf).toSorted(byUrgency),
        others: {
          count: others.length,
          red: others.filter((line) => buildStanding(line).verdict === 'red').length,
        },
      };
    },
  );
}

function viewOf(line: BuildLine): Build {
  const { verdict, since, running, last } = buildStanding(line);
  return {
    repository: line.repository,
    pipeline: line.pipeline,
    branch: line.branch ?? null,
    verdict: verdict ?? null,
    since: since ?? null,
    running: running ? runView(running) : null,
    last: last ? runView(last) : null,
    runs: line.runs.map(runView),
  };
}

function runView({ run, state, revision, url, actor, started, at, offset }: BuildRun): RunView {
  const told = { revision: revision ?? null, url: url ?? null, actor: actor ?? null };
  return { run, state, ...told, started: started ?? null, at, offset };
}

const rank = ({ verdict, running }: Build): number => {
  if (verdict === 'red') return 0;
  return running ? 1 : 2;
};
const byUrgency = (a: Build, b: Build): number =>
  rank(a) - rank(b) || (b.runs[0]?.at ?? 0) - (a.runs[0]?.at ?? 0);
