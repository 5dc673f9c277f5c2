/** A step of the guided tour through the console. */
export interface TourStop {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Page of the console, unless something has happened: then the page of that. */
  readonly path: string;
  /** CSS selector of what it points at on that page. */
  readonly target: string;
}

/** The ten steps, in their order. Which facts belong to which stands in happened.ts. */
export const tour = [
  {
    id: 'visitors',
    title: 'A site and its visitors',
    text: 'Customers search for clips, sign up, order, and write to support. Every line is one event that a process of the company sent a moment ago.',
    path: '/stream',
    target: 'table.events',
  },
  {
    id: 'map',
    title: 'The map and its processes',
    text: 'What the company says it has, in four quadrants, and three business processes above. Each colour comes with its evidence; what nobody reported is no evidence, and not green.',
    path: '/map',
    target: 'svg.map-picture',
  },
  {
    id: 'release',
    title: 'A commit becomes a release',
    text: 'Developers commit to real git repositories, and what they merge is built. What runs where is compared with what really answers.',
    path: '/releases',
    target:
      'table[aria-label="What runs where"], [data-tour="lanes"], [data-tour="thread"], [data-tour="artefact"]',
  },
  {
    id: 'deploy',
    title: 'A deploy as it runs',
    text: 'Integration, staging, production: a runner starts the new instances, asks whether they are well, and moves the visitors to them. Stages, checks and the log come as they happen.',
    path: '/deploys',
    target: 'ol[aria-label="Stages"], section[aria-label="Deploys"]',
  },
  {
    id: 'alert',
    title: 'The alert that fired',
    text: 'A rule saw numbers move after a release. It is a chain of operators in a file of the company, tested before it was switched on.',
    path: '/alerts',
    target: '[data-tour="alert"]',
  },
  {
    id: 'suspects',
    title: 'Its suspects',
    text: 'What changed shortly before, the most suspicious first, each with why it stands there. A suspect is near; it is not proven.',
    path: '/alerts',
    target: '[data-tour="suspects"]',
  },
  {
    id: 'at-risk',
    title: 'What is at risk, because of what',
    text: 'A process is at risk when something that it needs is not well. Its reason names the way down to the cause.',
    path: '/map',
    target: 'section[aria-label="Business processes"]',
  },
  {
    id: 'recovered',
    title: 'Rolled back, and recovered',
    text: 'Whoever is on call takes the release back, and the rule says when the numbers are as they were. You may be faster: roll back on the page of the application.',
    path: '/deploys',
    target: '[data-tour="recovered"]',
  },
  {
    id: 'checks',
    title: 'A check and its runs',
    text: 'The same scenario in plain words decides on a release, then goes on as a monitor. Every run is kept with what it saw.',
    path: '/checks',
    target: 'table[aria-label="Checks"], [data-tour="runs"]',
  },
  {
    id: 'break',
    title: 'Break something yourself',
    text: 'Each button does real harm to a real process. Look at what can be seen of it, and at which of the three architectures loses work.',
    path: '/demo',
    target: '[data-tour="chaos"]',
  },
] as const satisfies readonly TourStop[];

/** Names a step. */
export type TourId = (typeof tour)[number]['id'];
