// @ts-check
import { html } from './html.js';

/** @param {import('./items.js').Item} item */
export const pictureOf = ({ id, picture }) =>
  picture === undefined ? `/media/drawn/${encodeURIComponent(id)}.svg` : `/media/${picture}`;

/** @param {readonly import('./items.js').Item[]} items */
export const cards = (items) =>
  html`<ul class="cards">
    ${items.map(card)}
  </ul>`;

/** @param {import('./items.js').Item} item */
const card = (item) =>
  html`<li class="card">
    <a href="/items/${encodeURIComponent(item.id)}">
      <span class="picture"
        ><img src="${pictureOf(item)}" alt="" loading="lazy" width="320" height="180" />${
          item.clip !== undefined && html`<span class="length">${lengthOf(item.seconds)}</span>`
        }</span
      >
      <span class="title">${item.title}</span>
    </a>
    <p class="about">${whenOf(item.publishedAt)} · ${item.feed}</p>
  </li>`;

/** @param {number | undefined} seconds */
export const lengthOf = (seconds) =>
  seconds === undefined
    ? 'clip'
    : `${Math.floor(seconds / 60)}:${`${Math.floor(seconds % 60)}`.padStart(2, '0')}`;

/** @param {number} at ms since the epoch; shown in UTC */
export const whenOf = (at) => {
  const time = new Date(at).toISOString();
  return html`<time datetime="${time}">${time.slice(0, 10)} ${time.slice(11, 16)}</time>`;
};

/** @param {number} eur */
export const priceOf = (eur) => `€ ${eur.toFixed(2)}`;
