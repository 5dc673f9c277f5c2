export { lives, markOf } from '../job/processes.ts';
