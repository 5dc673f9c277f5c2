import { type BundleFile, type Declared, madeBy } from './declared.ts';

/** A question to history, as `POST /api/v1/query` takes it. */
interface Question {
  readonly where: string;
  readonly aggregate: string;
  readonly by?: readonly string[];
  readonly ratio?: string;
  readonly last: string;
  readonly every: string;
}

interface Chart {
  readonly title: string;
  readonly question: Question;
}

function chartsOf(app: string): Chart[] {
  const own = `service = "${app}"`;
  const requests = `${own} and (name = "http.requests" or name = "http.server.request.duration.count")`;
  const failed = `${requests} and (label.code =~ "5%" or label.http.response.status_code =~ "5%")`;
  const about = { last: '6h', every: '1m' };
  const byPlace = { ...about, by: ['environment'] };
  return [
    { title: 'Requests per second', question: { where: requests, aggregate: 'rate', ...byPlace } },
    {
      title: 'Share of 5xx',
      question: { where: failed, ratio: requests, aggregate: 'rate', ...about },
    },
    {
      title: '95 % of requests take up to, ms',
      question: { where: `${own} and name = "http.latency"`, aggregate: 'p95', ...byPlace },
    },
    {
      title: '95 % of requests take up to, s (OpenTelemetry)',
      question: {
        where: `${own} and name = "http.server.request.duration.p95"`,
        aggregate: 'max',
        ...byPlace,
      },
    },
    {
      title: 'Memory, bytes',
      question: {
        where: `${own} and (name = "process.memory.usage" or name = "process_resident_memory_bytes")`,
        aggregate: 'max',
        ...about,
        by: ['host'],
      },
    },
    {
      title: 'Lines of its log',
      question: { where: `${own} and type = "log"`, aggregate: 'count', ...byPlace },
    },
    {
      title: 'Deploys',
      question: {
        where: `subject = "${app}" and type =~ "dev.cdevents.service.%"`,
        aggregate: 'count',
        last: '30d',
        every: '1d',
        by: ['environment'],
      },
    },
  ];
}

/** Links to what is to be seen of it, and the same questions for other tools. */
export function dashboardOf(declared: Declared): BundleFile[] {
  const { manifest, server } = declared;
  const { app } = manifest;
  const charts = chartsOf(app).map((chart) => ({ ...chart, link: `${server}${linkOf(chart)}` }));
  const pages = [
    ['What runs where', `/releases/${app}`],
    ['Its events, live', `/stream?where=${encodeURIComponent(`service = "${app}"`)}`],
    ['Alerts', '/alerts'],
    ['Map', '/map'],
  ];
  return [
    {
      path: `dashboard/${app}.md`,
      what: 'links to its charts and pages',
      text: `<!-- ${madeBy(declared)} -->
# ${app}

${charts.map(({ title, link }) => `- [${title}](${link})`).join('\n')}

${pages.map(([title, path]) => `- [${title}](${server}${path})`).join('\n')}
`,
    },
    {
      path: `dashboard/${app}.json`,
      what: 'the same questions, for POST /api/v1/query',
      text: `${JSON.stringify({ schema: 'territory.dashboard/1', app, charts }, null, 2)}\n`,
    },
  ];
}

/** As the page Explore has it in its address. */
function linkOf({ question }: Chart): string {
  const { by, ...rest } = question;
  const pairs = Object.entries({ ...rest, ...(by && { by: by.join(',') }) });
  return `/explore?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}`;
}
