// @ts-check
import { lengthOf, pictureOf, priceOf, whenOf } from '../src/cards.js';
import { html } from '../src/html.js';
import { Refused } from '../src/web.js';

/** @param {import('../src/site.js').Site} site @returns {Record<string, import('../src/site.js').Handler>} */
export const routes = (site) => ({
  'GET /items/:id': (visit) => {
    const item = site.items.named(visit.params['id'] ?? '');
    if (item === undefined) throw new Refused(404, 'This clip is not sold any more.');
    return visit.page({
      title: item.title,
      main: html`<article class="item">
          <figure>${shown(item)}</figure>
          <div class="words">
            <p class="about">
              ${whenOf(item.publishedAt)} ·
              ${item.feed}${item.clip !== undefined && html` · ${lengthOf(item.seconds)}`}
            </p>
            <h1>${item.title}</h1>
            <p>${item.description}</p>
            ${orderForm(site, item, visit.person?.email)}
          </div>
        </article>
        <script src="/static/order.js" type="module"></script>`,
    });
  },
});

/** @param {import('../src/items.js').Item} item */
const shown = (item) =>
  item.clip === undefined
    ? html`<img src="${pictureOf(item)}" alt="${item.title}" />`
    : html`<video
        controls
        playsinline
        preload="metadata"
        poster="${pictureOf(item)}"
        src="/media/${item.clip}"
      ></video>`;

/**
 * @param {import('../src/site.js').Site} site
 * @param {import('../src/items.js').Item} item
 * @param {string | undefined} email
 */
const orderForm = (site, item, email) =>
  html`<form class="order" action="/orders" method="post">
    <input type="hidden" name="item" value="${item.id}" />
    <fieldset>
      <legend>Order it</legend>
      ${Object.entries(site.words.offers).map(
        ([kind, { title, text, price }], at) =>
          html`<label class="offer">
            <input type="radio" name="kind" value="${kind}" ${at === 0 && html` checked`} />
            <span><b>${title}</b> ${text}</span><span class="price">${priceOf(price)}</span>
          </label>`,
      )}
    </fieldset>
    <label
      >Where we send it
      <input
        type="email"
        name="email"
        required
        value="${email}"
        placeholder="you@example.org"
        autocomplete="email"
    /></label>
    <button>Order and pay</button>
    <p class="outcome" role="status"></p>
  </form>`;
