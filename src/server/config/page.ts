import { type Setting, settings } from './schema.ts';
import { expected, showSetting } from './value.ts';

const intro = `# Configuration

<!-- Made from src/server/config/schema.ts; a test holds the two equal. -->

Every setting can be written in a YAML file (\`territory serve --config territory.yaml\`), as a flag
and as an environment variable. A flag wins over the environment, the environment over the file, the
file over the default. An unknown name or a bad value stops the start and is reported with its line
and column.

\`\`\`yaml
port: 7070
log:
  retention:
    age: 7d
    bytes: 20GB
\`\`\`

is the same as \`--port 7070 --log.retention.age 7d --log.retention.bytes 20GB\`, and as
\`TERRITORY_PORT=7070 TERRITORY_LOG_RETENTION_AGE=7d TERRITORY_LOG_RETENTION_BYTES=20GB\`.

Durations are written \`250ms\`, \`30s\`, \`5m\`, \`12h\`, \`7d\`, \`2w\`; sizes \`500MB\` (powers of 1000) or
\`64MiB\` (powers of 1024). No setting holds a secret itself: they name files.
`;

/** The text of docs/reference/configuration.md. */
export function configurationPage(): string {
  return `${intro}\n${settings.map(section).join('\n')}`;
}

function section(setting: Setting): string {
  const { example } = setting;
  const last = setting.name.slice(setting.name.lastIndexOf('.') + 1);
  const lines = example?.split('\n').map((line) => `  ${line}\n`) ?? [];
  const yaml = lines.length === 0 ? '' : `\n\`\`\`yaml\n${last}:\n${lines.join('')}\`\`\`\n`;
  const shown = showSetting(setting, setting.default);
  return `## \`${setting.name}\`

${setting.description}
${yaml}
Default: ${shown === '' ? 'none' : `\`${shown}\``}. Must be ${expected(setting)}. Environment: \`${setting.variable}\`.
`;
}
