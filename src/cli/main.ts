import { runCommandLine } from './run.ts';

const code = await runCommandLine(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  onSignal(handle) {
    process.on('SIGINT', () => handle('SIGINT'));
    process.on('SIGTERM', () => handle('SIGTERM'));
  },
  exit: (now) => process.exit(now),
});
// Kept-alive connections must not keep a finished command waiting.
process.exit(code);
