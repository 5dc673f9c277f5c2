import type {
  Deploy,
  DeployStage,
  GateWord,
  Plan,
  Proof,
  Queue,
  Smoke,
} from '../../server/api/contract-deploys.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';
import { plural, printable, showTime } from '../words.ts';

/* What people read of deploys. Texts of others are made printable here. */

const second = 1_000;
const minute = 60 * second;

/** `45 s`, `3 min 20 s`, `1 h 5 min`. */
export function showSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / second));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 90) return `${minutes} min${seconds % 60 === 0 ? '' : ` ${seconds % 60} s`}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

const verbs = { passes: 'passed', waits: 'waits for', refuses: 'refused by', warns: 'warning of' };

/** A gate that does not just let it pass: its rule and reason, its end, and what lifts it. */
export function gateLines({ rule, word, reason, until, lifts }: GateWord): string[] {
  const head = word === 'passes' ? `passed ${rule}` : `${verbs[word]} ${rule}`;
  return [
    printable(`${head}: ${reason}`),
    ...(until === null ? [] : [`  until ${showTime(until)}`]),
    ...(lifts === null || word === 'passes' ? [] : [printable(`  lifted by ${lifts}`)]),
  ];
}

/** `deploy of shop 1.4.2 to production` */
export function nameOf(deploy: Pick<Deploy, 'kind' | 'app' | 'version' | 'environment'>): string {
  const { kind, app, version, environment } = deploy;
  const where = kind === 'rehearsal' ? 'in' : 'to';
  return printable(`${kind} of ${app} ${version} ${where} ${environment}`);
}

/** How it stands, in one line. */
export function stateLine(deploy: Deploy): string {
  const { id, state, reason, position, eta, stage, started, ended } = deploy;
  const why = reason === null ? '' : `: ${reason}`;
  const place = position === null ? '' : `, place ${position} in its lane`;
  const begin = eta === null ? '' : `, expected to begin ${showTime(eta)}`;
  const words: Readonly<Record<Deploy['state'], string>> = {
    waiting: `waits${place}${begin}`,
    queued: `is queued${place}${begin}`,
    running: `runs${stage === null ? '' : `, ${stage}`}${deploy.runner === null ? '' : ` on ${deploy.runner}`}`,
    succeeded: `succeeded${spanOf(started, ended)}${deploy.verified === null ? '' : ', verified'}`,
    failed: `failed${stage === null ? '' : ` at ${stage}`}${why}`,
    cancelled: `was cancelled${why}`,
    'rolled-back': `was rolled back${why}`,
    lost: `is lost: nobody knows how it ended${why}`,
    refused: `was refused${why}`,
  };
  return printable(`deploy ${id}: ${words[state]}`);
}

const spanOf = (from: number | null, to: number | null): string =>
  from === null || to === null ? '' : ` after ${showSpan(to - from)}`;

/** One deploy, whole. */
export function deployLines(deploy: Deploy): string[] {
  const { requested, broken, stages, smoke, approvals, acknowledgements, risks, proof } = deploy;
  const why = requested.reason === null ? '' : `: ${requested.reason}`;
  return [
    nameOf(deploy),
    stateLine(deploy),
    printable(`  asked for by ${requested.by} at ${showTime(requested.at)}${why}`),
    ...(deploy.notBefore === null ? [] : [`  not before ${showTime(deploy.notBefore)}`]),
    ...(deploy.previous === null ? [] : [printable(`  ${deploy.previous} stood there`)]),
    ...(broken === null ? [] : [brokenLine(broken)]),
    ...deploy.waiting.flatMap(gateLines).map(indent),
    ...risks.map((risk) => printable(`  risk: ${risk}`)),
    ...(proof === null ? [] : [`  ${proofText(proof)}`]),
    ...approvals.map(({ by, at }) => printable(`  approved by ${by} at ${showTime(at)}`)),
    ...acknowledgements.map(({ author, commits, state, text }) => {
      const said = text === null ? '' : `: ${text}`;
      return printable(`  ${plural(commits, 'commit')} of ${author}: ${state}${said}`);
    }),
    ...stages.map((one) => `  ${stageLine(one)}`),
    ...smoke.map((one) => `  ${smokeLine(one)}`),
  ];
}

const indent = (line: string): string => `  ${line}`;

/** Loud, as it should be. */
function brokenLine({ by, reason, rules }: NonNullable<Deploy['broken']>): string {
  return printable(
    `  ! GLASS BROKEN by ${by} (${rules.join(', ') || 'nothing held it'}): ${reason}`,
  );
}

/** A stage as it is or ended. */
export function stageLine({ stage, state, started, ended, text }: DeployStage): string {
  const why = text === null ? '' : `: ${text}`;
  return printable(
    `${stage} ${state}${ended === null ? '' : `, ${showSpan(ended - started)}`}${why}`,
  );
}

/** A scenario as it is or ended. */
export function smokeLine({ scenario, state, seconds, text }: Smoke): string {
  const took = seconds === null ? '' : `, ${showSpan(seconds * second)}`;
  return printable(`smoke ${state}: ${scenario}${took}${text === null ? '' : `: ${text}`}`);
}

/** What is known about the way back. */
export function proofText({ good, from, to, environment, at, seconds, text }: Proof): string {
  const how = good
    ? `going back was rehearsed in ${environment}, ${showSpan(seconds * second)}`
    : `going back FAILED when it was rehearsed in ${environment}${text === null ? '' : `: ${text}`}`;
  return printable(`${how} (${to} to ${from}, ${showTime(at)})`);
}

/** What would happen: the plan, the gates, and how far back one could go. */
export function planLines(plan: Plan): string[] {
  const { may, gates, previous, migrations, missing, reversible, commits } = plan;
  const verdicts = { now: 'may go now', later: 'would wait', refused: 'would be refused' };
  const held = gates.filter(({ word }) => word !== 'passes');
  return [
    `${nameOf(plan)}: ${verdicts[may]}; nothing was done`,
    printable(`  instead of ${previous ?? 'nothing that is known'}`),
    ...(plan.level === null ? [] : [`  level of the difference: ${plan.level}`]),
    ...(commits === null ? [] : [commitsLine(commits)]),
    ...(plan.strategy === null ? [] : [printable(`  strategy: ${plan.strategy}`)]),
    `  stages: ${plan.stages.join(', ') || 'not known'}`,
    ...migrations.map(({ db, id, phase, down }) =>
      printable(`  migration ${phase}: ${db} ${id}${down ? '' : ', no way down'}`),
    ),
    ...missing.map((key) => printable(`  no value there: ${key}`)),
    reversibleLine(reversible),
    ...(plan.proof === null ? [] : [`  ${proofText(plan.proof)}`]),
    printable(
      `  back to: ${plan.rollbackTo ?? 'nothing; no version was verified good there before'}`,
    ),
    ...(plan.position === null ? [] : [`  place ${plan.position} in its lane`]),
    ...(plan.eta === null ? [] : [`  would begin ${showTime(plan.eta)}`]),
    ...(plan.expected === null ? [] : [`  would take ${showSpan(plan.expected)}`]),
    ...held.flatMap(gateLines).map(indent),
    `  passes ${plural(gates.length - held.length, 'gate')}: ${passedText(gates)}`,
  ];
}

function commitsLine({ added, removed, authors }: NonNullable<Plan['commits']>): string {
  const gone = removed === 0 ? '' : `, REMOVES ${removed}`;
  const names = authors.length === 0 ? '' : ` by ${authors.join(', ')}`;
  return printable(`  commits: ${added} more${gone}${names}`);
}

function reversibleLine(reversible: Plan['reversible']): string {
  if (reversible === null) return '  reversible: not known';
  if (reversible.value) return '  reversible: yes';
  return printable(`  reversible: NO: ${reversible.why.join('; ')}`);
}

const passedText = (gates: readonly GateWord[]): string =>
  gates
    .filter(({ word }) => word === 'passes')
    .map(({ rule }) => rule)
    .join(', ');

/** The queue as a table, environment by environment. */
export function queueText({ environments, time }: Queue, style: Terminal['style']): string {
  const rows = environments.flatMap(({ environment, running, waiting, reservations }) => [
    ...running.map((one) => queueRow(environment, one, time)),
    ...waiting.map((one) => queueRow(environment, one, time)),
    ...reservations.map(({ id, app, by, from, until, reason }) => [
      printable(environment),
      '',
      printable(app),
      '',
      'reserved',
      `${showTime(from)} to ${showTime(until)}`,
      printable(by),
      printable(`${reason ?? ''} (${id})`.trim()),
    ]),
  ]);
  if (rows.length === 0) return 'nothing runs and nothing waits\n';
  const heads = ['environment', '#', 'app', 'version', 'state', 'begins', 'by', 'deploy, why'];
  return textTable(
    heads.map((head) => ({ head })),
    rows,
    style,
  );
}

function queueRow(environment: string, deploy: Deploy, time: number): string[] {
  const { id, app, version, kind, state, stage, position, eta, started, requested } = deploy;
  const begins =
    started === null ? (eta === null ? 'not known' : etaText(eta, time)) : showTime(started);
  const [first] = deploy.waiting;
  const why = first === undefined ? '' : ` ${first.rule}: ${first.reason}`;
  const more = deploy.waiting.length > 1 ? `, and ${deploy.waiting.length - 1} more` : '';
  return [
    printable(environment),
    position === null ? '' : String(position),
    printable(app),
    printable(kind === 'deploy' ? version : `${version} (${kind})`),
    state === 'running' ? (stage ?? state) : state,
    begins,
    printable(requested.by),
    printable(`${id}${why}${more}`),
  ];
}

const etaText = (eta: number, time: number): string =>
  eta <= time + minute ? 'now' : showTime(eta);
