import { scalarOf } from '../map/code/yaml-words.ts';
import { type BundleFile, type Declared, madeBy } from './declared.ts';

/** How what it logs and measures gets to Territory. */
export function sourcesOf(declared: Declared): BundleFile[] {
  const { manifest, environments, server } = declared;
  const { app } = manifest;
  const names = environments.map(({ name }) => name);
  const tails = (names.length === 0 ? [undefined] : names).map((environment) =>
    [
      `      - path: ${scalarOf(environment === undefined ? `/var/log/${app}/*.log` : `/var/log/${app}/${environment}/*.log`)}`,
      '        format: json',
      `        service: ${scalarOf(app)}`,
      ...(environment === undefined ? [] : [`        environment: ${scalarOf(environment)}`]),
    ].join('\n'),
  );
  return [
    {
      path: `sources/${app}.yaml`,
      what: 'its log files, for the configuration of Territory',
      text: `# ${madeBy(declared)}
# For the configuration of Territory on the machine that has the files. Lines that are no JSON are text.
intakes:
  files:
    tail:
${tails.join('\n')}
`,
    },
    {
      path: `sources/${app}.env`,
      what: 'its metrics and logs by OpenTelemetry, for its own environment',
      text: `# ${madeBy(declared)}
# The token may send: territory token create ${app} --may send
OTEL_SERVICE_NAME=${app}
OTEL_EXPORTER_OTLP_ENDPOINT=${server}
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20\${TERRITORY_TOKEN}
`,
    },
  ];
}
