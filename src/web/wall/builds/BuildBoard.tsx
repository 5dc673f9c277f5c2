import type { ReactNode } from 'react';
import type { Build, Builds } from '../../../server/api/contract-builds.ts';
import type { Where } from '../../../server/api/contract-releases.ts';
import { formatDuration } from '../../kit/format.ts';
import { WallFoot, WallLoud } from '../WallScreen.tsx';
import { type BoardDeploy, deploysOf, places, placesForOthers, titleOf } from './board-data.ts';

/** An answer that is older than this is told of so that nobody can miss it, ms. */
const loudAfterMs = 20_000;

interface BuildBoardProps {
  readonly builds: Builds | undefined;
  readonly where: Where | undefined;
  /** When the older of both was answered, ms since the epoch; 0: not yet. */
  readonly askedAt: number;
  readonly error: unknown;
  /** Whether its siren can be heard; undefined: it is not wanted. */
  readonly sound: boolean | undefined;
  readonly now: number;
}

/** The whole board: what is red, as large as it goes; what is deployed; what is well. */
export function BuildBoard(props: BuildBoardProps): ReactNode {
  const { builds, now } = props;
  const loud = loudOf(props);
  return (
    <div className="wall-frame" data-loud={loud !== undefined}>
      {loud !== undefined && <WallLoud>{loud}</WallLoud>}
      <div className="builds-body">
        {builds ? (
          <Told {...props} builds={builds} />
        ) : (
          <p className="wall-nothing">Asking Territory…</p>
        )}
      </div>
      <WallFoot
        title="Builds and deploys"
        age={ageOf(props)}
        isLoud={loud !== undefined}
        now={now}
      />
    </div>
  );
}

function Told(props: BuildBoardProps & { readonly builds: Builds }): ReactNode {
  const { where, now } = props;
  const { builds: all, others: elsewhere } = props.builds;
  const red = all.filter(({ verdict }) => verdict === 'red');
  const others = all.filter(({ verdict }) => verdict !== 'red');
  const deploys = where ? deploysOf(where) : [];
  const most = placesForOthers(red.length, deploys.length);
  return (
    <>
      {all.length > 0 ? <Headline red={red} all={all} /> : <NothingTold />}
      <Tiles name="Red builds" of={red} most={places.red} className="builds-red">
        {(one) => <RedTile key={keyOf(one)} build={one} all={all} now={now} />}
      </Tiles>
      <Tiles name="Deploys" of={deploys} most={places.deploys} className="builds-deploys">
        {(one) => (
          <DeployTile key={`${one.app} ${one.environment} ${one.state}`} deploy={one} now={now} />
        )}
      </Tiles>
      <Tiles name="Other builds" of={others} most={most} className="builds-others">
        {(one) => <Tile key={keyOf(one)} build={one} all={all} now={now} />}
      </Tiles>
      <More
        red={red.length - places.red}
        others={others.length - most}
        deploys={deploys.length - places.deploys}
        elsewhere={elsewhere}
      />
    </>
  );
}

interface TilesProps<T> {
  readonly name: string;
  readonly of: readonly T[];
  readonly most: number;
  readonly className: string;
  readonly children: (one: T) => ReactNode;
}

function Tiles<T>({ name, of, most, className, children }: TilesProps<T>): ReactNode {
  if (of.length === 0) return null;
  const shown = of.slice(0, most);
  return (
    <ul aria-label={name} className={className} data-count={shown.length}>
      {shown.map(children)}
    </ul>
  );
}

const keyOf = ({ repository, pipeline, branch }: Build): string =>
  `${repository} ${pipeline} ${branch ?? ''}`;

function Headline(props: { readonly red: readonly Build[]; readonly all: readonly Build[] }) {
  const { red, all } = props;
  const unknown = all.filter(({ verdict }) => verdict === null).length;
  const green = all.length - red.length - unknown;
  return (
    <h1 className="builds-headline" data-red={red.length > 0}>
      {red.length > 0 ? `${red.length} red` : 'nothing is red'}
      <span className="builds-headline-more">
        {green} green{unknown > 0 && `, ${unknown} without a result yet`}
      </span>
    </h1>
  );
}

interface TileProps {
  readonly build: Build;
  readonly all: readonly Build[];
  readonly now: number;
}

function RedTile({ build, all, now }: TileProps): ReactNode {
  const { last, running, since } = build;
  return (
    <li className="builds-tile builds-tile-red">
      <p className="builds-title">{titleOf(build, all)}</p>
      <p className="builds-word">
        <Sign shape="cross" /> red {since !== null && `for ${short(now - since)}`}
      </p>
      <p className="builds-detail">
        {[build.branch, last?.revision?.slice(0, 8), last?.actor].filter(Boolean).join(' · ')}
      </p>
      {running && <Running run={running} now={now} />}
    </li>
  );
}

function Tile({ build, all, now }: TileProps): ReactNode {
  const { verdict, running, since } = build;
  return (
    <li className="builds-tile" data-verdict={verdict ?? 'none'}>
      <p className="builds-title">{titleOf(build, all)}</p>
      <div className="builds-word">
        {verdict === 'green' ? <Sign shape="tick" /> : <Sign shape="ring" />}
        <span className="sr-only">{verdict ?? 'no result yet'}</span>
        {running ? (
          <Running run={running} now={now} />
        ) : (
          <span>{verdict === 'green' ? `green ${coarse(since, now)}` : 'no result'}</span>
        )}
      </div>
    </li>
  );
}

function Running(props: { readonly run: NonNullable<Build['running']>; readonly now: number }) {
  const { run, now } = props;
  const since = run.started ?? run.at;
  return (
    <p className="builds-running">
      {run.state === 'queued' ? 'queued' : 'building'} for {short(now - since)}
    </p>
  );
}

function DeployTile(props: { readonly deploy: BoardDeploy; readonly now: number }): ReactNode {
  const { deploy, now } = props;
  const { app, environment, version, state, since, by, reason } = deploy;
  return (
    <li className="builds-deploy" data-state={state}>
      <p className="builds-title">
        {app} {version}
      </p>
      <p className="builds-word">
        <Sign shape={state === 'running' ? 'arrow' : 'cross'} />
        {state === 'running' ? 'deploying' : 'failed'} to {environment}
      </p>
      <p className="builds-detail">
        {[short(now - since) + (state === 'failed' ? ' ago' : ''), by, reason]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </li>
  );
}

const shapes = {
  cross: 'M2.2 2.2l7.6 7.6M9.8 2.2l-7.6 7.6',
  tick: 'M1.6 6.6l3 3 5.8-7',
  ring: 'M6 1.6a4.4 4.4 0 1 0 .01 0',
  arrow: 'M6 10.4V1.8M2.2 5.4L6 1.6l3.8 3.8',
} as const;

function Sign({ shape }: { readonly shape: keyof typeof shapes }): ReactNode {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 12 12"
      className="wall-glyph"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={shapes[shape]} />
    </svg>
  );
}

interface MoreProps {
  readonly red: number;
  readonly others: number;
  readonly deploys: number;
  readonly elsewhere: Builds['others'] | undefined;
}

/** What has no place is at least counted. */
function More({ red, others, deploys, elsewhere }: MoreProps): ReactNode {
  const words = [
    red > 0 && `${red} more red`,
    deploys > 0 && `${deploys} more deploys`,
    others > 0 && `${others} more not red`,
    elsewhere && elsewhere.count > 0 && `${elsewhere.count} other branches, ${elsewhere.red} red`,
  ].filter(Boolean);
  return words.length > 0 && <p className="builds-more">and {words.join('; ')}</p>;
}

const NothingTold = (): ReactNode => (
  <p className="wall-nothing">
    No build was told of yet. Add the webhook of your forge or CI: Sources, Add a source.
  </p>
);

/** Since when, in one unit: what is well need not be told to the minute. */
function coarse(since: number | null, now: number): string {
  if (since === null) return '';
  const unit = [86_400_000, 3_600_000, 60_000].find((one) => now - since >= one) ?? 1000;
  return formatDuration(Math.floor((now - since) / unit) * unit);
}

/** To the minute from a minute on: nobody counts seconds of hours. */
const short = (ms: number): string => {
  const unit = ms < 60_000 ? 1000 : 60_000;
  return formatDuration(Math.max(unit, Math.floor(ms / unit) * unit));
};

function ageOf({ askedAt, now, sound }: BuildBoardProps): string {
  const age = askedAt === 0 ? 'no answer yet' : `answered ${short(now - askedAt)} ago`;
  return sound === false ? `${age}; click once for sound` : age;
}

function loudOf({ askedAt, now, error }: BuildBoardProps): string | undefined {
  if (error instanceof Error) return `Not in contact with Territory: ${error.message}`;
  if (askedAt === 0 || now - askedAt <= loudAfterMs) return undefined;
  return `No answer for ${short(now - askedAt)}: what you see is old`;
}
