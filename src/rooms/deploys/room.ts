import type { Draft } from '../../event/event.ts';
import type { Context, Room } from '../room.ts';
import { arrange, arrangeSubject } from './arrange.ts';
import { deployHere } from './checked.ts';
import type { Arrange, DeploysCommand, Saying } from './command.ts';
import { end, refuse, report, smoke, start, verify } from './execution.ts';
import { deploysSource, heard, laneSubject } from './facts.ts';
import { foldDeploys } from './fold.ts';
import { request, requestSubject } from './request.ts';
import { say } from './saying.ts';
import { type DeploysState, startDeploys } from './state.ts';

export type DeploysRoom = Room<DeploysState, DeploysCommand>;

/** The room of deploys: what is asked for, what runs, and how it ended. */
export const deploysRoom: DeploysRoom = {
  name: 'deploys',
  source: deploysSource,
  hears: heard,
  start: startDeploys,
  fold: foldDeploys,
  subjectOf,
  decide,
};

function subjectOf(state: DeploysState, command: DeploysCommand, id: string): string {
  if (command.kind === 'request') return requestSubject(command, id);
  if (command.kind === 'verify') return laneSubject(command.app.trim(), command.environment.trim());
  if (isArranging(command)) return arrangeSubject(state, command);
  const { app, environment } = deployHere(state, command.deploy);
  return laneSubject(app, environment);
}

function decide(state: DeploysState, command: DeploysCommand, context: Context): Draft | undefined {
  if (isArranging(command)) return arrange(state, command, context);
  if (isSaying(command)) return say(state, command, context);
  switch (command.kind) {
    case 'request':
      return request(state, command, context);
    case 'refuse':
      return refuse(state, command, context);
    case 'start':
      return start(state, command, context);
    case 'stage':
      return report(state, command, context);
    case 'smoke':
      return smoke(state, command, context);
    case 'end':
      return end(state, command, context);
    case 'verify':
      return verify(state, command, context);
  }
}

const arranging = ['environment', 'remove-environment', 'reserve', 'release'];
const saying = ['cancel', 'approve', 'acknowledge', 'object'];

const isArranging = (command: DeploysCommand): command is Arrange =>
  arranging.includes(command.kind);
const isSaying = (command: DeploysCommand): command is Saying => saying.includes(command.kind);
