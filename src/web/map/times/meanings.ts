/** What each number of the page means. The same as docs/reference/map-times.md. */
export const meanings = {
  'lead-time': [
    'Lead time',
    'Of a stage: from the hand-over to it until it hands over in turn, so waiting before the work begins belongs to the stage. Of the whole: from the first stage’s begin to the last one’s end. The lead times of the stages add up to that of the item.',
  ],
  percentiles: [
    'p50, p85, p95',
    'Half of the items, 85 and 95 of 100, took at most so long. Over the items that left the stage, or were finished, in the window. Each is taken by itself: percentiles do not add up.',
  ],
  'process-time': [
    'Work',
    'Process time: what somebody or something works on the item, as the stream’s active spans say.',
  ],
  wait: ['Wait', 'Lead time without work and without rework: the item lies.'],
  rework: ['Rework', 'From the moment that work came back until it was handed over again.'],
  accurate: [
    '%C/A',
    'Percent complete and accurate: of the items that left the stage, how many the later stages could use as they were. What comes back is counted against the stage that made it.',
  ],
  rolled: [
    'Rolled %C/A',
    'The %C/A of all stages multiplied: how many items go through the whole stream without coming back once.',
  ],
  'activity-ratio': [
    'Activity ratio',
    'Work in all stages, divided by the lead time of all stages.',
  ],
  wip: [
    'In progress',
    'Items in the stage at the end of the window. The limit is what map.yaml says (wip).',
  ],
  throughput: ['In, out', 'Items that came into the stage, and that left it, in the window.'],
  'littles-law': [
    'Little’s law',
    'Mean work in progress = rate of departures × mean lead time, while work in progress is steady. Where both sides differ by more than what chance explains, events are missing or a boundary of the stage is not what happens.',
  ],
  velocity: ['Velocity', 'Items finished in the window.'],
  'flow-time': [
    'Flow time',
    'From an item’s entry into the stream until it is done, over the items finished in the window.',
  ],
  load: ['Load', 'Items in the stream at the end of the window: begun and not done.'],
  efficiency: [
    'Efficiency',
    'Work divided by work and wait, over the items finished in the window.',
  ],
  distribution: [
    'Distribution',
    'How many of the finished items were features, defects, risks and debts, as labels and commit types say; unknown where nothing says.',
  ],
  bottleneck: ['Bottleneck', 'The stage in which the median item waits longest.'],
  unlinked: [
    'Not followed',
    'Items whose next stage names another thing without a link to it: the thread between them is missing, so they are in no time above.',
  ],
} as const satisfies Readonly<Record<string, readonly [word: string, means: string]>>;

export type MeaningName = keyof typeof meanings;
