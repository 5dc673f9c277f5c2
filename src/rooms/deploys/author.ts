/**
 * Whether a user is the author that a commit names: by whole name, address or what stands before its
 * `@`, without regard to case, blanks and dots. Not proved: it decides who is asked, not who may.
 */
export function isAuthor(author: string, user: string): boolean {
  const name = plain(user);
  return name !== '' && namesOf(author).includes(name);
}

function namesOf(author: string): string[] {
  const [, name = author, address = ''] = /^(.*?)\s*<([^>]*)>\s*$/.exec(author) ?? [];
  const mail = address === '' && name.includes('@') ? name : address;
  return [name, mail, mail.replace(/@.*$/, '')].map(plain).filter((one) => one !== '');
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}@]/gu, '');
