import type { OperatorKind } from '../engine/operator.ts';
import { absent } from './absent.ts';
import { alert } from './alert.ts';
import { by } from './by.ts';
import { changed } from './changed.ts';
import { combine } from './combine.ts';
import { consecutive } from './consecutive.ts';
import { dedupe } from './dedupe.ts';
import { digest } from './digest.ts';
import { emit } from './emit.ts';
import { ewma } from './ewma.ts';
import { followedBy } from './followed-by.ts';
import { increase } from './increase.ts';
import { level } from './level.ts';
import { map } from './map.ts';
import { merge } from './merge.ts';
import { moved } from './moved/moved.ts';
import { notify } from './notify.ts';
import { rate } from './rate.ts';
import { ratio } from './ratio.ts';
import { branch, route } from './route.ts';
import { scale } from './scale.ts';
import { stable } from './stable.ts';
import { suspects } from './suspects.ts';
import { throttle } from './throttle.ts';
import { top } from './top.ts';
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
    window,
    rate,
    increase,
    ewma,
    top,
    changed,
    stable,
    consecutive,
    absent,
    combine,
    ratio,
    followedBy,
    suspects,
    moved,
    throttle,
    digest,
    dedupe,
    level,
    emit,
    alert,
    notify,
    scale,
  }),
);
