import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** How a real Nagios Core forwards what it found: Nagios 4, "Distributed Monitoring". */
export interface Forwarding {
  /** Shell text run for each result of a service, with Nagios' macros. */
  readonly ocsp: string;
  /** The same for hosts. */
  readonly ochp: string;
}

/** Starts a Nagios Core 4 with one host and one service that it checks each second. */
export function startNagios(place: string, { ocsp, ochp }: Forwarding): ChildProcess {
  for (const name of ['spool', 'rw', 'archives']) mkdirSync(join(place, name));
  const plugin = join(place, 'check_example');
  writeFileSync(
    plugin,
    `#!/bin/sh\nprintf "EXAMPLE WARNING: slow|time=2.5s;1;3;0 'free space'=10%%\\nmore to say\\n"\nexit 1\n`,
  );
  chmodSync(plugin, 0o755);
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
    obsess_over_services: 1,
    obsess_over_hosts: 1,
    ocsp_command: 'forward_service',
    ochp_command: 'forward_host',
  };
  const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(place, 'nagios.cfg'), text.join(''));
  writeFileSync(join(place, 'objects.cfg'), objects({ plugin, ocsp, ochp }));
  return spawn('nagios4', [join(place, 'nagios.cfg')], { stdio: 'ignore' });
}

function objects({ plugin, ocsp, ochp }: Forwarding & { readonly plugin: string }): string {
  const command = (name: string, line: string): string =>
    // A semicolon begins a comment in these files.
    `define command {\n command_name ${name}\n command_line ${line.replaceAll(';', '\\;')}\n}\n`;
  const often =
    'check_interval 1\n retry_interval 1\n max_check_attempts 1\n check_period always\n';
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
 ${often}}
define service {
 host_name web-1
 service_description example
 check_command example
 contacts nobody
 ${often}}
${command('example', plugin)}${command('up', '/bin/echo up')}${command('forward_service', ocsp)}${command('forward_host', ochp)}`;
}
