import { logSuite } from '../log.suite.ts';
import { memoryLog } from './memory-log.ts';

logSuite('memory', { open: async (options) => memoryLog(options) });
