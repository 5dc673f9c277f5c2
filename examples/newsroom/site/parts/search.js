// @ts-check
import { cards } from '../src/cards.js';
import { html } from '../src/html.js';
import { search } from '../src/search.js';

/** @param {import('../src/site.js').Site} site @returns {Record<string, import('../src/site.js').Handler>} */
export const routes = (site) => ({
  'GET /search': (visit) => {
    const query = (visit.url.searchParams.get('q') ?? '').trim().slice(0, 200);
    const found = search(site.items.all(), query, site.words.synonyms);
    site.tell({ type: 'search.performed', metric: found.length, attributes: { query } });
    const page = found.slice(0, site.pageSize);
    return visit.page({
      title: query === '' ? 'All clips' : query,
      query,
      main: html`<h1 class="results">${heading(found.length, query)}</h1>
        ${page.length === 0 ? nothing(site) : cards(page)}`,
    });
  },
});

/**
 * @param {number} count
 * @param {string} query
 */
function heading(count, query) {
  if (query === '') return html`All clips`;
  const number = count === 0 ? 'Nothing' : count === 1 ? 'One clip' : `${count} clips`;
  return html`${number} for <q>${query}</q>`;
}

/** @param {import('../src/site.js').Site} site */
const nothing = (site) =>
  html`<section class="message">
    <p>Try another word, or one of these:</p>
    <p class="topics">
      ${site.words.topics.map(
        ({ title, query }) => html`<a href="/search?q=${encodeURIComponent(query)}">${title}</a> `,
      )}
    </p>
    <p>Is something missing? <a href="/support">Tell us</a>, and we look for it.</p>
  </section>`;
