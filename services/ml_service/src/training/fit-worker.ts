import { parentPort, workerData } from 'node:worker_threads';
import { trainChallenger, type TrainingJob } from './train-challenger.ts';

// An error here ends the thread and reaches the one who started it as its 'error' event.
parentPort?.postMessage(trainChallenger(workerData as TrainingJob), []);
