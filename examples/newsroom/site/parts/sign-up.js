// @ts-check
import { sessionCookie } from '../src/cookies.js';
import { html } from '../src/html.js';
import { isEmail } from '../src/email.js';
import { Refused, seeOther } from '../src/web.js';

export const link = { label: 'Sign up', href: '/sign-up', order: 3 };

/** @param {import('../src/site.js').Site} site @returns {Record<string, import('../src/site.js').Handler>} */
export const routes = (site) => ({
  'GET /sign-up': (visit) =>
    visit.page({
      title: 'Sign up',
      main: html`<section class="narrow">
        <h1>Sign up</h1>
        <p>Then your address is filled in when you order, and we know you when you write.</p>
        <form class="stack" method="post">
          <label>Your name <input name="name" required maxlength="80" autocomplete="name" /></label>
          <label
            >Your address
            <input type="email" name="email" required maxlength="120" autocomplete="email"
          /></label>
          <button>Sign up</button>
        </form>
      </section>`,
    }),
  'POST /sign-up': async (visit) => {
    const { name = '', email = '' } = await visit.fields();
    if (name.trim() === '' || name.length > 80) throw new Refused(400, 'What is your name?');
    if (!isEmail(email)) throw new Refused(400, 'We can not send anything to that address.');
    const session = site.database.signUp({ email: email.toLowerCase(), name: name.trim() });
    // The same answer as to somebody new: it is nobody's business who has signed up.
    if (session === undefined) return seeOther('/welcome');
    site.tell({ type: 'user.signedup', attributes: { 'user_agent.name': visit.agent } });
    return seeOther('/welcome', sessionCookie(session));
  },
  'GET /welcome': (visit) =>
    visit.page({
      title: 'Welcome',
      main: html`<section class="message good">
        <h1>Welcome${visit.person && html`, ${visit.person.name}`}</h1>
        ${visit.person === undefined && html`<p>If you have signed up before, there is nothing more to do.</p>`}
        <p>Look for a clip, or see <a href="/">what is new</a>.</p>
      </section>`,
    }),
});
