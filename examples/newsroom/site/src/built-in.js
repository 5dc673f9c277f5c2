// @ts-check

/** What is shown where nothing was published yet, so that every environment can be tried. */
const clips = [
  [
    'Morning fog over the harbour',
    'Two ferries leave in fog, seen from the lighthouse. Calm sea, gulls, a horn far away.',
  ],
  [
    'Trams in the rain at Market Square',
    'Red trams cross the square in heavy rain, people under umbrellas wait at the stop.',
  ],
  [
    'First snow in the old town',
    'Snow falls on the roofs of the old town at night, street lamps, a cat in a window.',
  ],
  [
    'Marathon: the last kilometre',
    'Runners on the last kilometre along the river, cheering crowd, the winner with her flag.',
  ],
  [
    'Sunflower field from above',
    'A drone flies low over a field of sunflowers towards a farm at sunset.',
  ],
  ['The baker at four in the morning', 'Hands shape loaves, an oven is opened, steam. No words.'],
  [
    'Storm waves hit the pier',
    'High waves break over the pier in a storm, spray as high as the crane.',
  ],
  [
    'Night train leaves the station',
    'The night train to the coast leaves the central station, last goodbyes on the platform.',
  ],
  [
    'Council votes on the bridge',
    'The city council votes for the new bridge with a narrow majority; applause and protest.',
  ],
  ['Kingfisher at the mill pond', 'A kingfisher dives for fish at the mill pond, in slow motion.'],
  ['Balloons over the valley', 'Forty hot-air balloons rise over the valley at dawn.'],
  [
    'Harvest festival parade',
    'Brass band, horses and decorated wagons in the parade of the harvest festival.',
  ],
];

/** @returns {import('./items.js').Item[]} */
export const builtInItems = () =>
  clips.map(([title = '', description = ''], at) => ({
    id: `sample-${at + 1}`,
    title,
    description,
    feed: 'samples',
    publishedAt: Date.UTC(2026, 0, 31 - at, 9),
    clip: undefined,
    picture: undefined,
    seconds: undefined,
  }));
