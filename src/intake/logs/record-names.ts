/**
 * What log shippers and libraries call the parts of a line. The first that is there is taken; what is
 * not named here stays as an attribute under its own name.
 */
export const messageNames = ['message', 'msg', 'MESSAGE', 'log', 'short_message', 'event'] as const;

export const timeNames = [
  '@timestamp',
  'timestamp',
  'time',
  'ts',
  'date',
  'datetime',
  'asctime',
  'time_iso8601',
  '__REALTIME_TIMESTAMP',
  '__realtime_timestamp',
] as const;

export const levelNames = [
  'level',
  'severity',
  'log.level',
  'lvl',
  'loglevel',
  'log_level',
  'levelname',
  'severity_text',
  'PRIORITY',
  'priority',
] as const;

/** Where a line names its service only by the way; looked at after `service.name` and the settings. */
export const serviceNames = [
  'kubernetes.labels.app.kubernetes.io/name',
  'kubernetes.pod_labels.app.kubernetes.io/name',
  'kubernetes.labels.app',
  'kubernetes.pod_labels.app',
  'kubernetes.container_name',
  'appname',
  'SYSLOG_IDENTIFIER',
  'syslog_identifier',
  'container_name',
  'name',
] as const;

/** Where a line names its machine only by the way. */
export const hostNames = [
  '_HOSTNAME',
  '_hostname',
  'kubernetes.host',
  'kubernetes.pod_node_name',
] as const;

/** Names as OpenTelemetry has them, by the names that Fluent Bit, Vector, Docker, journald, ECS, pino and winston use. */
const attributeNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'process.pid': ['pid', 'process_id', 'procid', '_PID', '_pid'],
    'trace.id': ['trace_id', 'traceId', 'traceID', 'dd.trace_id', 'otelTraceID', 'traceid'],
    'span.id': ['span_id', 'spanId', 'spanID', 'dd.span_id', 'otelSpanID', 'spanid'],
    'severity.number': ['severity_number', 'severityNumber', 'SeverityNumber'],
    'log.file.path': ['file', 'filename', 'filepath', 'log_file'],
    'log.iostream': ['stream'],
    'container.id': ['container_id', 'kubernetes.docker_id', 'kubernetes.container_id'],
    'container.name': ['container_name'],
    'container.image.name': [
      'container_image',
      'image',
      'image_name',
      'kubernetes.container_image',
    ],
    'container.image.id': ['image_id', 'kubernetes.container_image_id'],
    'container.command': ['command'],
    'k8s.pod.name': ['kubernetes.pod_name'],
    'k8s.pod.uid': ['kubernetes.pod_id', 'kubernetes.pod_uid'],
    'k8s.namespace.name': ['kubernetes.namespace_name', 'kubernetes.pod_namespace'],
    'k8s.node.name': ['kubernetes.host', 'kubernetes.pod_node_name'],
    'k8s.container.name': ['kubernetes.container_name'],
    'syslog.msgid': ['msgid'],
    'syslog.facility': ['facility'],
    'exception.type': ['err.type', 'error.type', 'err.name', 'error.name'],
    'exception.message': ['err.message', 'error.message'],
    'exception.stacktrace': ['err.stack', 'stack', 'stack_trace', 'error.stack_trace', 'exc_info'],
  }).flatMap(([ours, theirs]) => theirs.map((name) => [name, ours] as const)),
);

const prefixes = [
  ['kubernetes.labels.', 'k8s.pod.label.'],
  ['kubernetes.pod_labels.', 'k8s.pod.label.'],
  ['kubernetes.annotations.', 'k8s.pod.annotation.'],
  ['kubernetes.pod_annotations.', 'k8s.pod.annotation.'],
] as const;

/** The name of an attribute. */
export function attributeName(name: string): string {
  const known = attributeNames.get(name);
  if (known !== undefined) return known;
  const prefix = name.startsWith('kubernetes.')
    ? prefixes.find(([theirs]) => name.startsWith(theirs))
    : undefined;
  return prefix === undefined ? name : `${prefix[1]}${name.slice(prefix[0].length)}`;
}
