import type { OperatorKind } from '../engine/operator.ts';
import { alert } from './alert.ts';
import { by } from './by.ts';
import { changed } from './changed.ts';
import { emit } from './emit.ts';
import { level } from './level.ts';
import { map } from './map.ts';
import { merge } from './merge.ts';
import { rate } from './rate.ts';
import { branch, route } from './route.ts';
import { events, where } from './where.ts';
import { window } from './window.ts';

/** Every operator of the language, by the name that plans call it. */
export const operators: ReadonlyMap<string, OperatorKind> = new Map(
  Object.entries({
    events,
    where,
    by,
    map,
    merge,
    route,
    branch,
    rate,
    window,
    changed,
    level,
    emit,
    alert,
  }),
);
