export { loadStrategies, type LoadedStrategy, type Strategies } from './load-strategies.ts';
export { strategySchemasEnv } from './env.ts';
