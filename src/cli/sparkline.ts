const bars = '▁▂▃▄▅▆▇█';

/**
 * Draws values as a line of bars between their own least and greatest. No data is a gap, never a
 * low bar. More values than `width` are averaged into `width` groups.
 */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const shown = values.length > width ? resample(values, width) : values;
  const known = shown.filter((value) => value !== null);
  const least = Math.min(...known);
  const range = Math.max(...known) - least;
  return shown
    .map((value) => {
      if (value === null) return ' ';
      const height = range === 0 ? 0.5 : (value - least) / range;
      return bars[Math.min(bars.length - 1, Math.floor(height * bars.length))];
    })
    .join('');
}

function resample(values: readonly (number | null)[], width: number): (number | null)[] {
  return Array.from({ length: width }, (_, index) => {
    const from = Math.floor((index * values.length) / width);
    const to = Math.floor(((index + 1) * values.length) / width);
    const known = values.slice(from, to).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}
