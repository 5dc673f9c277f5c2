/** What each number of the page means, in short; the whole of it is docs/reference/map-times.md. */
export const meanings = {
  'lead-time': [
    'Lead time',
    'Of a stage: from the hand-over to it until it hands over in turn, so waiting before the work begins belongs to the stage. Of the whole: from the begin of the first stage to the end of the last. For every item the lead times of the stages add up to that of the item.',
  ],
  percentiles: [
    'p50, p85, p95',
    'Half of the items, 85 and 95 of 100, took at most so long (nearest rank: each is a time that was measured). Of the items that left the stage, or were finished, in the window. Percentiles do not add up; means do.',
  ],
  accurate: [
    '%C/A',
    'Per cent complete and accurate: of the items that the stage handed on, how many never came back. What comes back counts against the stage that made it. No data where nothing behind the stage could have told: no review, run or test.',
  ],
  rolled: [
    'Rolled %C/A',
    'The %C/A of all stages of which it is known, multiplied: how many items go through without coming back once.',
  ],
  'activity-ratio': [
    'Activity ratio',
    'Work in all stages divided by the lead time of all stages. No data where no work was seen.',
  ],
  wip: [
    'In progress',
    'Items in the stage at the end of the window. The limit is what map.yaml says of the node (wip).',
  ],
  throughput: ['In, out', 'Items that came into the stage, and that left it, in the window.'],
  'littles-law': [
    'Little’s law',
    'Mean number of items in the stage = rate of departures × mean lead time, as long as about as many come as go. It holds when both sides differ by at most 30 %. Where it does not, times and counts do not tell of the same items: facts are missing, or old items stay while new ones pass.',
  ],
  velocity: ['Velocity', 'Items finished in the window.'],
  'flow-time': [
    'Flow time',
    'From an item’s entry into the stream until it is done, over the items finished in the window.',
  ],
  load: ['Load', 'Items in the stream at the end of the window: begun, and not done.'],
  efficiency: [
    'Efficiency',
    'Work divided by work and waiting, over the items finished in the window. No data where no work was seen.',
  ],
  distribution: [
    'Distribution',
    'What the finished items were done for: features, defects, risks, debts. From the type and labels of the ticket, the labels of the change, else the prefix of its title; unknown where nothing says.',
  ],
  bottleneck: [
    'Bottleneck',
    'The stage with the longest median wait: what limits a flow is where work piles up. Named from three items on.',
  ],
  unlinked: [
    'Fell silent',
    'Items of which nothing was heard for 30 days on their way. They count as in progress no more.',
  ],
  parts: [
    'Work, wait, rework',
    'Work (process time): between the starts and ends that the stream declares as active. Rework: from when work came back until it was taken up again or handed on. Wait: all the rest of the lead time. The three add up.',
  ],
} as const satisfies Readonly<Record<string, readonly [word: string, means: string]>>;

export type MeaningName = keyof typeof meanings;
