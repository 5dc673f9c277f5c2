// @ts-check
import { pick } from './random.js';

/**
 * What can be seen, where, and what is told of it.
 * @typedef {object} Story
 * @property {string} title
 * @property {string} description
 * @property {import('./scenes.js').Land} land
 * @property {import('./scenes.js').Weather} weather
 */

/** Who offers clips, and how. */
export const feeds = /** @type {const} */ ([
  { name: 'wire', title: 'Wire agency', land: 'hills' },
  { name: 'city', title: 'City desk', land: 'town' },
  { name: 'coast', title: 'Coast watch', land: 'sea' },
]);

/** @typedef {(typeof feeds)[number]['name']} FeedName */

/** @type {Record<FeedName, { what: string[], where: string[] }>} */
const words = {
  wire: {
    what: [
      'Horses graze',
      'Balloons rise',
      'A kingfisher dives',
      'Cyclists climb',
      'Sunflowers bloom',
      'The night train passes',
      'A parade sets out',
      'Geese gather',
    ],
    where: [
      'in the valley',
      'below the old mill',
      'at the edge of the forest',
      'over the vineyards',
    ],
  },
  city: {
    what: [
      'Trams turn',
      'The market opens',
      'Runners pass',
      'A brass band plays',
      'The council meets',
      'Lamps are lit',
      'Children skate',
      'The baker opens',
    ],
    where: ['in the old town', 'at Market Square', 'behind the town hall', 'along the river'],
  },
  coast: {
    what: [
      'Waves break',
      'Ferries leave',
      'Gulls follow a trawler',
      'A lifeboat sets out',
      'Sails are set',
      'Seals rest',
      'The lighthouse turns',
      'Surfers wait',
    ],
    where: ['off the pier', 'outside the harbour', 'near the lighthouse', 'at the long beach'],
  },
};

/** @type {Record<import('./scenes.js').Weather, string[]>} */
const airs = {
  clear: ['at dawn', 'at noon', 'at sunset'],
  rain: ['in heavy rain', 'after the storm'],
  snow: ['in the first snow'],
  fog: ['in morning fog'],
};

/**
 * @param {(typeof feeds)[number]} feed
 * @param {() => number} random
 * @returns {Story}
 */
export function tell({ name, title: who, land }, random) {
  const weather = pick(
    /** @type {const} */ (['clear', 'clear', 'clear', 'rain', 'snow', 'fog']),
    random,
  );
  const what = pick(words[name].what, random);
  const where = pick(words[name].where, random);
  const air = pick(airs[weather], random);
  return {
    title: `${what} ${where} ${air}`,
    description: `${what} ${where}, ${air}. Filmed by the ${who}, natural sound.`,
    land,
    weather,
  };
}
