import { effectSize, mannWhitney, shiftOf } from './mann-whitney.ts';

/** How a canary is compared with the baseline that was started at the same time. */
export interface CanaryOptions {
  /** The interval must lie beyond this share of the estimated shift. Netflix: 0.25. */
  readonly tolerance: number;
  /** Of the interval, 0 to 1. Netflix: 0.98. */
  readonly confidence: number;
  readonly direction: 'up' | 'down' | 'both';
  /** An effect between the two is none; default: none is too small. */
  readonly effect?: {
    readonly by: 'meanRatio' | 'commonLanguage';
    readonly low: number;
    readonly high: number;
  };
}

/**
 * Whether `canary` lies above or below `baseline`, by the judge of Netflix' Kayenta: the interval
 * of the Hodges-Lehmann shift must be clear of ±tolerance × estimate, and the effect large enough.
 * For samples taken at the same time; for before and after a change, whose values depend on each
 * other, there is `moved`. Checked against Kayenta's own cases, test/vectors/changepoint.json.
 */
export function judgeCanary(
  canary: readonly number[],
  baseline: readonly number[],
  options: CanaryOptions,
): 'high' | 'low' | 'same' {
  const { direction, effect } = options;
  const side = clearSide(canary, baseline, options);
  const size = effect && sizeOf(effect.by, canary, baseline);
  const isLarge =
    effect === undefined ||
    size === undefined ||
    (side === 'high' ? size >= effect.high : size <= effect.low);
  const isAsked = direction === 'both' || direction === (side === 'high' ? 'up' : 'down');
  return isLarge && isAsked ? side : 'same';
}

function clearSide(
  canary: readonly number[],
  baseline: readonly number[],
  { tolerance, confidence }: CanaryOptions,
): 'high' | 'low' | 'same' {
  const { estimate, low, high } = shiftOf(canary, baseline, confidence);
  const clear = tolerance * Math.abs(estimate);
  if (low > clear) return 'high';
  if (high < -clear) return 'low';
  // Where most values of both are equal, estimate and interval shrink to that one point (0 in
  // Kayenta's case of many zeros), and the test of no shift is what is left to decide.
  if (estimate !== 0 || mannWhitney(canary, baseline) >= 1 - confidence) return 'same';
  const size = effectSize(canary, baseline);
  if (low === 0 && size > 0.5) return 'high';
  return high === 0 && size < 0.5 ? 'low' : 'same';
}

/** Undefined where it cannot be told: a ratio with 0. */
function sizeOf(
  by: 'meanRatio' | 'commonLanguage',
  canary: readonly number[],
  baseline: readonly number[],
): number | undefined {
  if (by === 'commonLanguage') return effectSize(canary, baseline);
  const [above, below] = [meanOf(canary), meanOf(baseline)];
  return above === 0 || below === 0 ? undefined : above / below;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
