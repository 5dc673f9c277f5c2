// @ts-check
import { cards } from '../src/cards.js';
import { html } from '../src/html.js';
import { searchBox } from '../src/layout.js';

/** @param {import('../src/site.js').Site} site @returns {Record<string, import('../src/site.js').Handler>} */
export const routes = (site) => ({
  'GET /': (visit) =>
    visit.page({
      title: 'The newest clips',
      main: html`<section class="hero">
          <h1>Seen today, ready to show</h1>
          <p>Short clips and pictures for your page, your paper, your wall.</p>
          ${searchBox()}
          <p class="topics">
            ${site.words.topics.map(
              ({ title, query }) =>
                html`<a href="/search?q=${encodeURIComponent(query)}">${title}</a> `,
            )}
          </p>
        </section>
        <h2>Just in</h2>
        ${cards(site.items.all().slice(0, site.pageSize))}`,
    }),
});
