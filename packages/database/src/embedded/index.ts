export { UnsupportedPlatform } from './binaries.ts';
export { type RunningPostgres, type StartPostgres, startPostgres } from './start-postgres.ts';
export { stopPostgres } from './stop-postgres.ts';
