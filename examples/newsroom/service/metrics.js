// @ts-check
import { Counter, Gauge, Registry } from 'prom-client';

/**
 * The registry of a process, with what is known of each for nothing. prom-client's own defaults watch
 * the garbage collector and the event loop, which costs a small process more than its work does.
 */
export function openMetrics() {
  const metrics = new Registry();
  const registers = [metrics];
  const started = Date.now() / 1000 - process.uptime();
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When the process started, s since the epoch',
    registers,
  }).set(started);
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory that the process has',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Time of processors that the process took, s',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  return metrics;
}
