import { checkDraft } from '../../event/check.ts';
import type { PlacedEvent } from '../../event/codec.ts';
import { defaultLimits } from '../../event/limits.ts';
import { startGates } from '../gates/state.ts';
import type { DeploysCommand, Request } from './command.ts';
import type { GateWord, Result, Rule } from './deploy.ts';
import { deploysSource } from './facts.ts';
import { type Judged, gateWords } from './gates.ts';
import type { Knowledge, Question } from './knowledge.ts';
import type { DeployRecord } from './record.ts';
import { deployIdOf } from './request.ts';
import { deploysRoom } from './room.ts';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** A Wednesday, at noon. */
export const noon = Date.parse('2026-05-06T12:00:00Z');

export const lane = { app: 'shop', environment: 'production' };

/** What is known of a version that nothing is wrong with. */
export const fine: Knowledge = {
  artefact: { known: true, digest: 'sha256:2' },
  missing: [],
  runner: true,
};

/** Plays the room without a server: commands become facts, facts are folded. */
export class DeploysPlay {
  state = deploysRoom.start();
  readonly facts: PlacedEvent[] = [];
  now = noon;
  #offset = 100;

  /** Carries a command out; the id of the command, whether or not it made a fact. */
  give(command: DeploysCommand, actor = 'ann', id = `command-${this.#offset}`): string {
    const subject = deploysRoom.subjectOf(this.state, command, id);
    const draft = deploysRoom.decide(this.state, command, { now: this.now, actor, id });
    if (!draft) return id;
    if (draft.subject !== subject) throw new Error(`${String(draft.subject)} is not ${subject}`);
    const checked = checkDraft({ ...draft, id }, defaultLimits, this.now);
    if ('refusal' in checked) throw new Error(checked.refusal.message);
    const placed = { time: this.now, received: this.now, id, offset: this.#offset++ };
    // As it comes back from the log.
    const json = JSON.stringify({ source: deploysSource, ...draft, ...placed, stream: 'facts' });
    const event = JSON.parse(json) as PlacedEvent;
    this.facts.push(event);
    this.state = deploysRoom.fold(this.state, event);
    return id;
  }

  /** Asks for a deploy; its id. */
  ask(asked: Partial<Request> = {}, actor = 'ann'): string {
    return deployIdOf(
      this.give({ kind: 'request', what: 'deploy', ...lane, version: '2', ...asked }, actor),
    );
  }

  /** A runner takes it; its token. */
  start(deploy: string): number {
    this.give({ kind: 'start', deploy, runner: 'box' }, 'box');
    return this.deploy(deploy).token ?? 0;
  }

  /** It ran for a minute, and ended. */
  run(deploy: string, result: Result = 'succeeded', more: { readonly serves?: string } = {}): void {
    const token = this.start(deploy);
    this.reach(deploy, 'watching');
    this.now += minute;
    this.give({ kind: 'end', deploy, token, result, ...more }, 'box');
  }

  /** Its runner says that a stage began. */
  reach(deploy: string, stage: DeployRecord['stages'][number]['stage']): void {
    const { token = 0 } = this.deploy(deploy);
    const one = { stage, state: 'running', started: this.now, ended: null, text: null } as const;
    this.give({ kind: 'stage', deploy, token, stages: [one] }, 'box');
  }

  /** A version was deployed, and evidence bore it out. */
  bring(
    version: string,
    where: Partial<typeof lane> = {},
    kind: Request['what'] = 'deploy',
  ): string {
    const id = this.ask({ version, digest: `sha256:${version}`, ...where, what: kind });
    this.run(id);
    this.give({ kind: 'verify', ...lane, ...where, version, deploy: id }, 'system');
    this.now += minute;
    return id;
  }

  deploy(id: string): DeployRecord {
    const deploy = this.state.deploys.get(id);
    if (!deploy) throw new Error(`no deploy ${id}`);
    return deploy;
  }

  /** Judged as version 2 for production, asked for by ann. */
  judged(question: Partial<Question> = {}, knowledge: Partial<Knowledge> = {}): Judged {
    return {
      state: this.state,
      gates: startGates(),
      question: { kind: 'deploy', ...lane, version: '2', by: 'ann', ...question },
      knowledge: { ...fine, ...knowledge },
    };
  }

  words(question: Partial<Question> = {}, knowledge: Partial<Knowledge> = {}): GateWord[] {
    return gateWords(this.judged(question, knowledge), this.now);
  }

  /** What one rule says. */
  word(
    rule: Rule,
    question: Partial<Question> = {},
    knowledge: Partial<Knowledge> = {},
  ): GateWord[] {
    return this.words(question, knowledge).filter((one) => one.rule === rule);
  }
}

/** What was thrown, as its code. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
  return 'nothing';
}
