import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { artefactSearch } from './artefacts/part-tabs.ts';
import { checkRoutes } from './checks/routes.ts';
import { demoRoutes } from './demo/routes.ts';
import { exploreSearch } from './explore/search.ts';
import { pickText } from './kit/pick-text.ts';
import { mapSearch } from './map/search.ts';
import { problemsSearch } from './map/problems/search.ts';
import { sourceSearch } from './map/source/search.ts';
import { tableSearch } from './map/table/search.ts';
import { timesSearch } from './map/times/search.ts';
import { startMap } from './map/use-drawing.ts';
import { redirectRoutes } from './redirects/routes.ts';
import { backtestSearch } from './rules/backtest-search.ts';
import { Failure, NotFound, Pending } from './shell/Failure.tsx';
import { inside, root } from './shell/inside.ts';
import { SignIn } from './shell/SignIn.tsx';
import { streamSearch } from './stream/search.ts';
import { StreamPage } from './stream/StreamPage.tsx';
import { wallSearch } from './wall/search.ts';

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['next']),
  component: SignIn,
});

/** For screens on a wall: by a token of its own, so outside of the sign-in. */
const wall = createRoute({
  getParentRoute: () => root,
  path: '/wall',
  validateSearch: wallSearch,
  component: lazyRouteComponent(() => import('./wall/WallPage.tsx'), 'WallPage'),
});

const buildBoard = createRoute({
  getParentRoute: () => root,
  path: '/wall/builds',
  validateSearch: wallSearch,
  component: lazyRouteComponent(() => import('./wall/builds/BuildBoardPage.tsx'), 'BuildBoardPage'),
});

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/map', replace: true });
  },
});

const stream = createRoute({
  getParentRoute: () => inside,
  path: '/stream',
  validateSearch: streamSearch,
  component: StreamPage,
});

const explore = createRoute({
  getParentRoute: () => inside,
  path: '/explore',
  validateSearch: exploreSearch,
  component: lazyRouteComponent(() => import('./explore/ExplorePage.tsx'), 'ExplorePage'),
});

const mapPages = () => import('./map/pages.ts');
const readingPages = () => import('./map/reading-pages.ts');
const alertPages = () => import('./alerts/pages.ts');
const rulePages = () => import('./rules/pages.ts');
const releasePages = () => import('./releases/pages.ts');
const deployPages = () => import('./deploys/pages.ts');
const artefactPages = () => import('./artefacts/pages.ts');
const sourcePages = () => import('./sources/pages.ts');

const map = createRoute({
  getParentRoute: () => inside,
  path: '/map',
  validateSearch: mapSearch,
  // Not awaited: the page draws its frames meanwhile.
  loader: ({ location }) => startMap(mapSearch(location.search).expand ?? ''),
  component: lazyRouteComponent(() => import('./map/MapPage.tsx'), 'MapPage'),
});

const mapTable = createRoute({
  getParentRoute: () => inside,
  path: '/map/table',
  validateSearch: tableSearch,
  component: lazyRouteComponent(readingPages, 'TablePage'),
});

const mapProblems = createRoute({
  getParentRoute: () => inside,
  path: '/map/problems',
  validateSearch: problemsSearch,
  component: lazyRouteComponent(readingPages, 'ProblemsPage'),
});

const mapTimes = createRoute({
  getParentRoute: () => inside,
  path: '/map/times',
  validateSearch: timesSearch,
  component: lazyRouteComponent(mapPages, 'TimesPage'),
});

const mapProcesses = createRoute({
  getParentRoute: () => inside,
  path: '/map/processes',
  validateSearch: mapSearch,
  component: lazyRouteComponent(mapPages, 'ProcessesPage'),
});

const mapSource = createRoute({
  getParentRoute: () => inside,
  path: '/map/source',
  validateSearch: sourceSearch,
  component: lazyRouteComponent(readingPages, 'SourcePage'),
});

const releases = createRoute({
  getParentRoute: () => inside,
  path: '/releases',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['q']),
  component: lazyRouteComponent(releasePages, 'ReleasesPage'),
});

const releasesOfApp = createRoute({
  getParentRoute: () => inside,
  path: '/releases/$app',
  component: lazyRouteComponent(releasePages, 'AppPage'),
});

const artefacts = createRoute({
  getParentRoute: () => inside,
  path: '/artefacts',
  component: lazyRouteComponent(artefactPages, 'ArtefactsPage'),
});

const versionsOfApp = createRoute({
  getParentRoute: () => inside,
  path: '/releases/$app/artefacts',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['q']),
  component: lazyRouteComponent(artefactPages, 'VersionsPage'),
});

const artefact = createRoute({
  getParentRoute: () => inside,
  path: '/releases/$app/artefacts/$version',
  validateSearch: artefactSearch,
  component: lazyRouteComponent(artefactPages, 'ArtefactPage'),
});

const releasesDiff = createRoute({
  getParentRoute: () => inside,
  path: '/releases/$app/diff',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['from', 'to', 'env', 'file']),
  component: lazyRouteComponent(artefactPages, 'DiffPage'),
});

const deploys = createRoute({
  getParentRoute: () => inside,
  path: '/deploys',
  component: lazyRouteComponent(deployPages, 'QueuePage'),
});

const releaseCalendar = createRoute({
  getParentRoute: () => inside,
  path: '/deploys/calendar',
  component: lazyRouteComponent(deployPages, 'CalendarPage'),
});

const askForDeploy = createRoute({
  getParentRoute: () => inside,
  path: '/deploys/ask',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['app', 'version', 'to']),
  component: lazyRouteComponent(deployPages, 'AskPage'),
});

const deploy = createRoute({
  getParentRoute: () => inside,
  path: '/deploys/$id',
  component: lazyRouteComponent(deployPages, 'DeployPage'),
});

const alerts = createRoute({
  getParentRoute: () => inside,
  path: '/alerts',
  component: lazyRouteComponent(alertPages, 'NowPage'),
});

const pastAlerts = createRoute({
  getParentRoute: () => inside,
  path: '/alerts/history',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['where']),
  component: lazyRouteComponent(alertPages, 'HistoryPage'),
});

const silences = createRoute({
  getParentRoute: () => inside,
  path: '/alerts/silences',
  component: lazyRouteComponent(alertPages, 'SilencesPage'),
});

const notifications = createRoute({
  getParentRoute: () => inside,
  path: '/alerts/notifications',
  component: lazyRouteComponent(alertPages, 'NotificationsPage'),
});

const alert = createRoute({
  getParentRoute: () => inside,
  path: '/alerts/$id',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['event']),
  component: lazyRouteComponent(alertPages, 'AlertPage'),
});

const rules = createRoute({
  getParentRoute: () => inside,
  path: '/rules',
  component: lazyRouteComponent(rulePages, 'RulesPage'),
});

const rule = createRoute({
  getParentRoute: () => inside,
  path: '/rules/rule/$name',
  component: lazyRouteComponent(rulePages, 'RulePage'),
});

const backtest = createRoute({
  getParentRoute: () => inside,
  path: '/rules/backtest',
  validateSearch: backtestSearch,
  component: lazyRouteComponent(rulePages, 'BacktestPage'),
});

const library = createRoute({
  getParentRoute: () => inside,
  path: '/rules/library',
  component: lazyRouteComponent(rulePages, 'LibraryPage'),
});

const sources = createRoute({
  getParentRoute: () => inside,
  path: '/sources',
  component: lazyRouteComponent(sourcePages, 'SendersPage'),
});

const intakes = createRoute({
  getParentRoute: () => inside,
  path: '/sources/intakes',
  component: lazyRouteComponent(sourcePages, 'IntakesPage'),
});

const addSource = createRoute({
  getParentRoute: () => inside,
  path: '/sources/add',
  component: lazyRouteComponent(sourcePages, 'AddPage'),
});

const addOneSource = createRoute({
  getParentRoute: () => inside,
  path: '/sources/add/$kind',
  component: lazyRouteComponent(sourcePages, 'AddOnePage'),
});

const webhooks = createRoute({
  getParentRoute: () => inside,
  path: '/sources/webhooks',
  component: lazyRouteComponent(sourcePages, 'WebhooksPage'),
});

const addWebhook = createRoute({
  getParentRoute: () => inside,
  path: '/sources/add/webhook/$kind',
  component: lazyRouteComponent(sourcePages, 'AddWebhookPage'),
});

const thread = createRoute({
  getParentRoute: () => inside,
  path: '/thread',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['of']),
  component: lazyRouteComponent(() => import('./thread/ThreadPage.tsx'), 'ThreadPage'),
});

const itself = createRoute({
  getParentRoute: () => inside,
  path: '/itself',
  component: lazyRouteComponent(() => import('./itself/ItselfPage.tsx'), 'ItselfPage'),
});

/** Addresses are plain texts (`?where=…&by=host,service`), so that people can read and write them. */
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    wall,
    buildBoard,
    inside.addChildren([
      home,
      map,
      mapTable,
      mapProblems,
      mapTimes,
      mapProcesses,
      mapSource,
      releases,
      releasesOfApp,
      deploys,
      askForDeploy,
      releaseCalendar,
      deploy,
      artefacts,
      versionsOfApp,
      artefact,
      releasesDiff,
      stream,
      explore,
      alerts,
      pastAlerts,
      silences,
      notifications,
      alert,
      rules,
      rule,
      backtest,
      library,
      ...checkRoutes,
      ...redirectRoutes,
      ...demoRoutes,
      sources,
      intakes,
      addSource,
      addOneSource,
      webhooks,
      addWebhook,
      thread,
      itself,
    ]),
  ]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const kept = Object.entries(search).flatMap(([k, v]) =>
      v === undefined || v === '' ? [] : [[k, String(v)]],
    );
    const text = new URLSearchParams(kept).toString();
    return text && `?${text}`;
  },
  defaultPreload: 'intent',
  defaultPendingComponent: Pending,
  defaultErrorComponent: Failure,
  defaultNotFoundComponent: NotFound,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
