import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** A service that a Nagios Core knows. */
export interface WatchedService {
  readonly description: string;
  /** Shell text that checks it; without it results are only taken. */
  readonly command?: string;
  /** Seconds from one check to the next; 1 unless it is said. */
  readonly every?: number;
}

/** What a real Nagios Core is to do: Nagios 4, "Distributed Monitoring". */
export interface NagiosSetup {
  /** Shell text run for each result of a service, with Nagios' macros. */
  readonly ocsp?: string;
  /** The same for hosts. */
  readonly ochp?: string;
  /** Without them one that checks an example each second. */
  readonly services?: readonly WatchedService[];
}

/** Starts a Nagios Core 4 with one host, `web-1`, and its services. */
export function startNagios(place: string, setup: NagiosSetup): ChildProcess {
  for (const name of ['spool', 'rw', 'archives']) mkdirSync(join(place, name));
  const { ocsp = '/bin/true', ochp = '/bin/true' } = setup;
  const obsess = setup.ocsp === undefined ? 0 : 1;
  const services = setup.services ?? [{ description: 'example', command: examplePlugin(place) }];
  const { username } = userInfo();
  const settings: Record<string, string | number> = {
    log_file: join(place, 'nagios.log'),
    cfg_file: join(place, 'objects.cfg'),
    object_cache_file: join(place, 'objects.cache'),
    precached_object_file: join(place, 'objects.precache'),
    status_file: join(place, 'status.dat'),
    nagios_user: username,
    nagios_group: username,
    command_file: join(place, 'rw/nagios.cmd'),
    lock_file: join(place, 'nagios.pid'),
    temp_file: join(place, 'nagios.tmp'),
    temp_path: place,
    log_archive_path: join(place, 'archives'),
    check_result_path: join(place, 'spool'),
    state_retention_file: join(place, 'retention.dat'),
    query_socket: join(place, 'rw/nagios.qh'),
    interval_length: 1,
    check_result_reaper_frequency: 1,
    check_for_updates: 0,
    enable_notifications: 0,
    use_syslog: 0,
    service_inter_check_delay_method: 'n',
    host_inter_check_delay_method: 'n',
    status_update_interval: 1,
    obsess_over_services: obsess,
    obsess_over_hosts: obsess,
    ocsp_command: 'forward_service',
    ochp_command: 'forward_host',
  };
  const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(place, 'nagios.cfg'), text.join(''));
  writeFileSync(join(place, 'objects.cfg'), objects({ services, ocsp, ochp }));
  return spawn('nagios4', [join(place, 'nagios.cfg')], { stdio: 'ignore' });
}

/** A plugin with performance data and more than one line. */
function examplePlugin(place: string): string {
  const plugin = join(place, 'check_example');
  writeFileSync(
    plugin,
    `#!/bin/sh\nprintf "EXAMPLE WARNING: slow|time=2.5s;1;3;0 'free space'=10%%\\nmore to say\\n"\nexit 1\n`,
  );
  chmodSync(plugin, 0o755);
  return plugin;
}

/** What Nagios tells of a service in its status file, by the names it has there. */
export function statusOf(place: string, description: string): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(join(place, 'status.dat'), 'utf8');
  } catch {
    // It is not written yet.
    return {};
  }
  const blocks = [...text.matchAll(/^servicestatus \{\n(.*?)^\s*\}/gms)].map(([, lines = '']) =>
    Object.fromEntries(
      [...lines.matchAll(/^\s*(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    ),
  );
  return blocks.find((one) => one['service_description'] === description) ?? {};
}

function objects({ services, ocsp, ochp }: Required<NagiosSetup>): string {
  const command = (name: string, line: string): string =>
    // A semicolon begins a comment in these files.
    `define command {\n command_name ${name}\n command_line ${line.replaceAll(';', '\\;')}\n}\n`;
  const often = (every = 1): string =>
    `check_interval ${every}\n retry_interval ${every}\n max_check_attempts 1\n check_period always\n`;
  const service = ({ description, command: line, every }: WatchedService, i: number): string => {
    const [checked, active] = line === undefined ? ['up', 0] : [`service_${i}`, 1];
    const known = ` host_name web-1\n service_description ${description}\n contacts nobody\n`;
    const how = ` check_command ${checked}\n active_checks_enabled ${active}\n`;
    const own = line === undefined ? '' : command(checked, line);
    return `define service {\n${known}${how} ${often(every)}}\n${own}`;
  };
  return `define timeperiod {
 timeperiod_name always
 alias always
 monday 00:00-24:00
 tuesday 00:00-24:00
 wednesday 00:00-24:00
 thursday 00:00-24:00
 friday 00:00-24:00
 saturday 00:00-24:00
 sunday 00:00-24:00
}
define contact {
 contact_name nobody
 host_notification_period always
 service_notification_period always
 host_notification_commands up
 service_notification_commands up
}
define host {
 host_name web-1
 address 127.0.0.1
 check_command up
 contacts nobody
 ${often()}}
${services.map(service).join('')}${command('up', '/bin/echo up')}${command('forward_service', ocsp)}${command('forward_host', ochp)}`;
}
