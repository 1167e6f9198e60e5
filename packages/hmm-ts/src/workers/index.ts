export { fitOnThreads, type ThreadedFitOptions } from './fit-on-threads.ts';
