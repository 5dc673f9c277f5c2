// @ts-check

/** The provider answered no, did not answer in time, or not at all. */
export class PaymentRefused extends Error {
  /**
   * @param {'declined' | 'payment-timeout' | 'payment-unavailable'} reason
   * @param {unknown} [cause]
   */
  constructor(reason, cause) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/**
 * @param {{ url: string, withinMs: number }} provider
 */
export function openPayments({ url, withinMs }) {
  return {
    /**
     * @param {{ order: string, amount: number }} wish in EUR
     * @returns {Promise<string>} id of the payment
     */
    async pay({ order, amount }) {
      let response;
      try {
        response = await fetch(new URL('/charges', url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ order, amount, currency: 'EUR' }),
          signal: AbortSignal.timeout(withinMs),
        });
        const { id } = /** @type {{ id: string }} */ (await response.json());
        if (response.status === 201) return id;
      } catch (error) {
        const late = error instanceof Error && error.name === 'TimeoutError';
        throw new PaymentRefused(late ? 'payment-timeout' : 'payment-unavailable', error);
      }
      throw new PaymentRefused(response.status === 402 ? 'declined' : 'payment-unavailable');
    },
  };
}
