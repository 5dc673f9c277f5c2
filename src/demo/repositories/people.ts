/** Somebody of the company, as git names authors. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

const person = (name: string): Person => ({
  name,
  email: `${name.split(' ')[0]?.toLowerCase() ?? ''}@newsroom.example`,
});

/** Who works on what. */
export const people = {
  site: [person('Ines Duarte'), person('Tomasz Wolny'), person('Priya Raman')],
  pipeline: [person('Jonas Lindqvist'), person('Amara Okafor'), person('Mateo Rossi')],
} as const;
