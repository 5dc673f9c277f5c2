import type { RepositoryName } from './history.ts';

/** What a file is to be, and what it is done for. */
export interface Edit {
  readonly title: string;
  readonly to: string;
}

/** A kind of small change: of one file, which each of them changes. */
export interface SmallKind {
  readonly file: string;
  /** @param pick decides which of what is possible; any whole number */
  readonly edit: (now: string, pick: number) => Edit;
}

interface JsonEdit {
  readonly title: string;
  readonly to: unknown;
}

/** The same for a file of JSON. */
const inJson =
  (edit: (now: unknown, pick: number) => JsonEdit) =>
  (now: string, pick: number): Edit => {
    const { title, to } = edit(JSON.parse(now), pick);
    return { title, to: `${JSON.stringify(to, null, 2)}\n` };
  };

/** One setting in a text, which gets another one of its values: the second group of `where`. */
const setting =
  (where: RegExp, values: readonly string[], say: (value: string) => string) =>
  (now: string, pick: number): Edit => {
    const [, before, value] = where.exec(now) ?? [];
    if (before === undefined) throw new Error(`there is no ${where.source}`);
    const others = values.filter((each) => each !== value);
    const next = one(others, pick);
    return { title: say(next), to: now.replace(where, `${before}${next}`) };
  };

/** One of several, which has to be there. */
function one<T>(list: readonly T[], pick: number): T {
  const found = list[pick % list.length];
  if (found === undefined) throw new Error('there is nothing to choose from');
  return found;
}

interface Synonym {
  readonly word: string;
  readonly means: string;
}

const synonyms: readonly Synonym[] = [
  ['ship', 'ferries'],
  ['boat', 'trawler'],
  ['port', 'harbour'],
  ['bird', 'kingfisher'],
  ['bird', 'geese'],
  ['train', 'trams'],
  ['beach', 'surfers'],
  ['party', 'parade'],
  ['music', 'band'],
  ['sport', 'runners'],
  ['sport', 'cyclists'],
  ['politics', 'council'],
  ['food', 'baker'],
  ['food', 'market'],
  ['flowers', 'sunflowers'],
  ['sky', 'balloons'],
  ['night', 'lamps'],
  ['morning', 'dawn'],
  ['evening', 'sunset'],
  ['winter', 'snow'],
  ['wine', 'vineyards'],
  ['rescue', 'lifeboat'],
].map(([word = '', means = '']) => ({ word, means }));

function synonym(now: unknown, pick: number): JsonEdit {
  const list = now as readonly Synonym[]; // our own file
  const { word, means } = one(synonyms, pick);
  const rest = list.filter((each) => each.word !== word || each.means !== means);
  return rest.length < list.length
    ? { title: `searching ${word} finds no ${means} any more`, to: rest }
    : { title: `searching ${word} finds ${means}, too`, to: [...list, { word, means }] };
}

interface Topic {
  readonly title: string;
  readonly query: string;
}

const topics: readonly Topic[] = [
  ['Sea', 'sea'],
  ['City', 'city'],
  ['Weather', 'weather'],
  ['Animals', 'animals'],
  ['Festivals', 'festival'],
  ['Night', 'night'],
  ['Snow', 'snow'],
  ['From above', 'drone'],
  ['Trains', 'train'],
  ['Sports', 'run'],
  ['Markets', 'market'],
  ['Politics', 'council'],
].map(([title = '', query = '']) => ({ title, query }));

function topic(now: unknown, pick: number): JsonEdit {
  const list = now as readonly Topic[]; // our own file
  const others = topics.filter(({ title }) => list.every((each) => each.title !== title));
  const next = one(others, pick);
  const place = pick % list.length;
  const before = one(list, place);
  return {
    title: `${next.title} on the front page in place of ${before.title}`,
    to: list.map((each, at) => (at === place ? next : each)),
  };
}

interface Question {
  readonly question: string;
  readonly answer: string;
}

const questions: readonly Question[] = [
  ['Can I send a print back?', 'Within two weeks, as it came.'],
  ['Do you have longer versions?', 'Of most clips. Write to us which one you need.'],
  ['Who took the pictures?', 'The name of the feed stands below each of them.'],
  ['May I cut a clip?', 'Yes. What it shows has to stay true.'],
  ['Do I get an invoice?', 'By mail, with the licence.'],
  ['Why was my payment declined?', 'Only your bank can say. Nothing was ordered then.'],
  ['Can I pay for several at once?', 'Not yet. Write to us when you need many.'],
  ['How long do you keep clips?', 'The newest are on sale; ask us for what is older.'],
].map(([question = '', answer = '']) => ({ question, answer }));

function question(now: unknown, pick: number): JsonEdit {
  const list = now as readonly Question[]; // our own file
  const next = one(questions, pick);
  const rest = list.filter((each) => each.question !== next.question);
  return rest.length < list.length
    ? { title: `nobody asks any more: ${next.question}`, to: rest }
    : { title: `answer: ${next.question}`, to: [...list, next] };
}

type Offers = Readonly<Record<string, { readonly title: string; readonly price: number }>>;

function price(now: unknown, pick: number): JsonEdit {
  const offers = now as Offers; // our own file
  const [kind, offer] = one(Object.entries(offers), pick);
  const bounds = kind === 'print' ? [10.5, 14.5] : [22, 27];
  const [least = 0, most = 0] = bounds;
  const rises = offer.price >= most ? false : offer.price <= least ? true : pick % 2 === 0;
  const price = offer.price + (rises ? 0.5 : -0.5);
  return {
    title: `${offer.title} for ${price.toFixed(2)} EUR`,
    to: { ...offers, [kind]: { ...offer, price } },
  };
}

/** What is changed in passing, by repository. */
export const small: Readonly<Record<RepositoryName, readonly SmallKind[]>> = {
  site: [
    { file: 'data/synonyms.json', edit: inJson(synonym) },
    { file: 'data/topics.json', edit: inJson(topic) },
    { file: 'data/questions.json', edit: inJson(question) },
    { file: 'data/offers.json', edit: inJson(price) },
  ],
  // Of the encoder: it is what Territory deploys of this repository.
  pipeline: [
    {
      file: 'encoder/recipes.js',
      edit: setting(
        /(-crf\W+)(\w+)/,
        ['25', '26', '27', '28', '29'],
        (to) => `clips at quality ${to}`,
      ),
    },
    {
      file: 'encoder/recipes.js',
      edit: setting(
        /(-vf\W+scale=)(\d+)/,
        ['448', '480', '512'],
        (to) => `clips ${to} pixels wide`,
      ),
    },
    {
      file: 'encoder/recipes.js',
      edit: setting(
        /(-preset\W+)(\w+)/,
        ['veryfast', 'superfast', 'ultrafast'],
        (to) => `encode clips ${to}`,
      ),
    },
  ],
};
