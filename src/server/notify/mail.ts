import { createTransport } from 'nodemailer';
import type { Message } from '../../rooms/alerts/notification.ts';
import type { Config } from '../config/schema.ts';
import { type Outcome, failed } from './outcome.ts';
import { readSecret } from './secret-file.ts';

export type MailSettings = Config['notify']['mail'];

export interface MailOptions {
  /** ms, for each step of the conversation. */
  readonly timeout: number;
  /** Where people look at alerts; undefined: no link. */
  readonly url: string | undefined;
}

/** Sends one message by SMTP. A refusal by the server for good (5xx of recipient or content) is final. */
export async function sendMail(
  mail: MailSettings,
  message: Message,
  { timeout, url }: MailOptions,
): Promise<Outcome> {
  const { host, from } = mail;
  if (host === undefined || from === undefined)
    return failed('no mail server is set (notify.mail.host)', { final: true });
  try {
    const transport = createTransport({
      host,
      port: mail.port,
      secure: mail.security === 'tls',
      requireTLS: mail.security === 'starttls',
      ignoreTLS: mail.security === 'none',
      ...(await authOf(mail)),
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
      // Bodies are texts of ours: nothing may be read from a disk or an address.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    await transport.sendMail({
      from,
      to: message.to.replace(/^mail:/, ''),
      subject: message.title,
      text: url === undefined ? message.body : `${message.body}\n\n${url}\n`,
      // The same message is the same mail, however often it is sent; those of a group are a thread.
      messageId: nameOf(message.id),
      ...(message.group === undefined ? {} : { references: nameOf(message.group) }),
      headers: { 'auto-submitted': 'auto-generated' },
    });
    return { sent: true };
  } catch (error) {
    return refusal(error);
  }
}

async function authOf({ user, passwordFile }: MailSettings) {
  if (user === undefined) return {};
  const pass = passwordFile === undefined ? '' : await readSecret({ file: passwordFile });
  return { auth: { user, pass } };
}

function nameOf(id: string): string {
  return `<${id}@territory.invalid>`;
}

function refusal(error: unknown): Outcome {
  const { code, responseCode, response } = error as {
    readonly code?: string;
    readonly responseCode?: number;
    readonly response?: string;
  };
  // RFC 5321, 4.2.1: 5yz is for good. A wrong password (EAUTH) may be put right meanwhile.
  const final = (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500;
  if (response !== undefined) return failed(`the mail server answered ${response}`, { final });
  const words = error instanceof Error ? error.message : String(error);
  return failed(code === undefined ? words : `${words} (${code})`, { final });
}
