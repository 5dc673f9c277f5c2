import type { Draft } from '../../event/event.ts';
import { defined } from '../alerts/facts.ts';
import { isCommit } from './version.ts';

/** The source of the facts that the server itself finds; senders are refused it. */
export const whereSource = 'territory/where';

/** What can be reported of a deploy. A success is a CDEvent; for the others CDEvents has no words. */
export const reports = ['started', 'finished', 'failed', 'refused', 'cancelled', 'lost'] as const;
export type Report = (typeof reports)[number];

const own = (happened: string): string => `dev.cdeventsx.territory-deploy.${happened}.0.1.0`;
const deployedType = 'dev.cdevents.service.deployed.0.3.0';
const rolledBackType = 'dev.cdevents.service.rolledback.0.3.0';
const discoveredType = own('discovered');

/** One report of a deploy, as a pipeline gives it. */
export interface DeployReport {
  readonly report: Report;
  readonly app: string;
  readonly version: string;
  readonly environment: string;
  /**
   * Names the deploy: its reports belong together, and each is taken once. Without it an end is
   * joined to the deploy of that version that is under way.
   */
  readonly id?: string | undefined;
  /** Stands for the id in the id of the fact where there is none. */
  readonly unique?: string;
  /** ms since the epoch, UTC. */
  readonly time: number;
  /** It went back to an older version. */
  readonly rollback?: boolean;
  readonly commit?: string | undefined;
  /** package-url or `name@version`; made from app and version where there is none. */
  readonly artifact?: string | undefined;
  readonly repository?: string | undefined;
  readonly url?: string | undefined;
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * The fact of a report: one, so that nothing is counted twice. A finished deploy is the CDEvent that
 * threads, rules, the map and Explore know; its context is as the event around it.
 */
export function deployFact(report: DeployReport): Draft {
  const { app, environment, time, reason } = report;
  const how = report.report;
  const type = typeOf(report);
  const id = ['deploy', app, environment, report.id ?? report.unique ?? '', how]
    .map(encodeURIComponent)
    .join('/');
  const source = `/deploys/${encodeURIComponent(app)}`;
  const artifact = artifactOf(report);
  const done = how === 'finished';
  const about = { environment: { id: environment }, artifactId: artifact };
  const subject = done ? `service/${app}` : `deploy/${app}/${environment}`;
  return defined({
    id,
    time,
    type,
    source,
    subject,
    service: app,
    environment,
    state: how === 'failed' ? 'critical' : undefined,
    attributes: attributesOf(report, artifact),
    data: done
      ? {
          context: {
            specversion: '0.5.1',
            id,
            source,
            type,
            timestamp: new Date(time).toISOString(),
          },
          subject: { id: subject, content: about },
        }
      : defined({ reason }),
  }) as Draft;
}

function typeOf({ report, rollback = false }: DeployReport): string {
  if (report !== 'finished') return own(report);
  return rollback ? rolledBackType : deployedType;
}

function attributesOf(report: DeployReport, artifact: string): Record<string, string> {
  return defined({
    'deployment.id': deploymentOf(report),
    'service.version': report.version,
    'artifact.id': artifact,
    'vcs.ref.head.revision':
      report.commit ?? (isCommit(report.version) ? report.version : undefined),
    'vcs.repository.url.full': report.repository,
    'url.full': report.url,
    actor: report.actor,
    outcome: outcomes[report.report],
    reason: report.reason,
  });
}

/** One run of a pipeline may deploy to several environments, and its number begins at 1 elsewhere too. */
const deploymentOf = ({ app, environment, id }: DeployReport): string | undefined =>
  id === undefined ? undefined : `${app}/${environment}/${id}`;

/** Words of OpenTelemetry's `cicd.pipeline.result` where it has them. */
const outcomes: Partial<Record<Report, string>> = {
  finished: 'success',
  failed: 'failure',
  refused: 'refused',
  cancelled: 'cancellation',
  lost: 'lost',
};

const artifactOf = ({ artifact, app, version }: DeployReport): string =>
  artifact ?? `pkg:generic/${encodeURIComponent(app)}@${encodeURIComponent(version)}`;

/** A version that runs and that nobody told of. */
export interface Discovery {
  readonly app: string;
  readonly environment: string;
  readonly version: string;
  /** What was told last; undefined: nothing. */
  readonly told: { readonly version: string | undefined; readonly offset: number } | undefined;
  /** Instances that report it. */
  readonly instances: readonly string[];
  /** When the first of them was first heard with it, ms since the epoch. */
  readonly since: number;
}

/** Instances that are named in a fact. */
const maxNamed = 20;

/** The fact of a discovery. Its id is the same for the same, so that it is on the log once. */
export function discoveredFact(discovery: Discovery, time: number): Draft {
  const { app, environment, version, told, instances, since } = discovery;
  const place = [app, environment, version, String(told?.offset ?? 0)];
  return {
    id: ['discovered', ...place].map(encodeURIComponent).join('/'),
    time,
    type: discoveredType,
    subject: `deploy/${app}/${environment}`,
    service: app,
    environment,
    attributes: {
      'service.version': version,
      actor: 'unknown',
      ...(told?.version !== undefined && { 'told.version': told.version }),
    },
    data: { since, instances: instances.slice(0, maxNamed), count: instances.length },
  };
}
