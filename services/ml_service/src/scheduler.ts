import { runMain } from '@aistock/service-kit';
import { createScheduler } from './create-scheduler.ts';

await runMain(createScheduler);
