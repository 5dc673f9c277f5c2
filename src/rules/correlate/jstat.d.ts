/** What is used of jstat, which has no types of its own. */
declare module 'jstat' {
  const jstat: {
    /** The regularised incomplete beta function I_x(a, b). */
    ibeta(x: number, a: number, b: number): number;
    normal: {
      cdf(x: number, mean: number, deviation: number): number;
      /** The quantile function of the normal distribution. */
      inv(p: number, mean: number, deviation: number): number;
    };
  };
  export default jstat;
}
