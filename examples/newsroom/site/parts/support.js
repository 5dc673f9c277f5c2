// @ts-check
import { randomUUID } from 'node:crypto';
import { isEmail } from '../src/email.js';
import { html } from '../src/html.js';
import { ticketCreated } from '../src/tickets.js';
import { Refused, seeOther } from '../src/web.js';

export const link = { label: 'Support', href: '/support', order: 2 };

/** @param {import('../src/site.js').Site} site @returns {Record<string, import('../src/site.js').Handler>} */
export const routes = (site) => ({
  'GET /support': (visit) => {
    const order = visit.url.searchParams.get('order') ?? '';
    return visit.page({
      title: 'Support',
      main: html`${letter(order, visit.person?.email)}${questions(site.words.questions)}`,
    });
  },
  'POST /support': async (visit) => {
    const { email = '', subject = '', text = '', order } = await visit.fields();
    if (!isEmail(email)) throw new Refused(400, 'We can not answer to that address.');
    if (subject.trim() === '' || text.trim() === '')
      throw new Refused(400, 'Please tell us what happened.');
    const id = `case-${randomUUID().slice(0, 8)}`;
    site.database.keepLetter({ id, email, subject: subject.trim(), text, order });
    const { environment } = site.about();
    site.tell({
      type: 'support.written',
      subject: id,
      attributes: { 'user_agent.name': visit.agent },
    });
    site.tell(
      ticketCreated({ id, subject: subject.trim().slice(0, 120), environment, now: Date.now() }),
    );
    return seeOther(`/support/${id}`);
  },
  'GET /support/:id': (visit) =>
    visit.page({
      title: 'Thank you',
      main: html`<section class="message good">
        <h1>Thank you</h1>
        <p>We read it, and answer today. Its number is ${visit.params['id']}.</p>
      </section>`,
    }),
});

/**
 * @param {string} order
 * @param {string | undefined} email
 */
const letter = (order, email) =>
  html`<section class="narrow">
    <h1>Write to us</h1>
    <form class="stack" method="post" action="/support">
      <label
        >Your address
        <input
          type="email"
          name="email"
          required
          maxlength="120"
          value="${email}"
          autocomplete="email"
      /></label>
      <label>What is it about? <input name="subject" required maxlength="120" /></label>
      <label
        >What happened? <textarea name="text" rows="6" required maxlength="5000"></textarea>
      </label>
      ${order !== '' && html`<input type="hidden" name="order" value="${order}" />`}
      <button>Send</button>
    </form>
  </section>`;

/** @param {readonly import('../src/words.js').Question[]} often */
const questions = (often) =>
  html`<section class="narrow questions">
    <h2>Often asked</h2>
    ${often.map(
      ({ question, answer }) =>
        html`<details>
          <summary>${question}</summary>
          <p>${answer}</p>
        </details>`,
    )}
  </section>`;
