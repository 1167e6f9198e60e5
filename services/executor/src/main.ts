import { runMain } from '@aistock/service-kit';
import { createApp } from './app.ts';

await runMain(createApp);
