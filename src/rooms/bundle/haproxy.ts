import { type BundleFile, type Declared, madeBy } from './declared.ts';

const colours = ['blue', 'green'] as const;

/** A backend for each environment, with the slots that its strategy needs. */
export function haproxyOf(declared: Declared): BundleFile[] {
  const { ready, environments, manifest } = declared;
  if (ready === undefined) return [];
  return environments.flatMap(({ name, port }) =>
    port === undefined
      ? []
      : [
          {
            path: `haproxy/${manifest.app}.${name}.cfg`,
            text: textOf(declared, { name, port, ready }),
            what: `its backend in the load balancer of ${name}`,
          },
        ],
  );
}

interface Place {
  readonly name: string;
  readonly port: number;
  readonly ready: string;
}

function textOf(declared: Declared, { name, port, ready }: Place): string {
  const { app } = declared.manifest;
  const servers = slotsOf(declared).map(
    (slot, i) => `  server ${slot} 127.0.0.1:${port + i} disabled`,
  );
  return `# ${madeBy(declared)}
# For the load balancer of ${name}, beside its own file: haproxy -f haproxy.cfg -f ${app}.${name}.cfg
# Its frontend chooses the backend, as by: use_backend ${app} if { hdr(host) -i ${app}.example.org }
# Slots are out until a deploy takes one in by the runtime API (stats socket … level admin). For a
# reload to keep what it set: "server-state-file" in global, "load-server-state-from-file global" here.
defaults territory-${app}
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s

backend ${app} from territory-${app}
  option httpchk
  http-check send meth GET uri "${ready}"
  http-check expect status 200
  default-server check inter 1s fastinter 250ms fall 3 rise 1
${servers.join('\n')}
`;
}

/** Blue and green unless the manifest asks for another strategy; see reference/runner-strategies.md. */
function slotsOf({ manifest, instances }: Declared): string[] {
  const kind = manifest.strategy?.kind ?? 'blue-green';
  const numbers = Array.from({ length: instances }, (_, i) => i + 1);
  if (kind !== 'blue-green') return numbers.map(String);
  return colours.flatMap((colour) => numbers.map((i) => `${colour}-${i}`));
}
