export { freePort } from '@aistock/database/embedded';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export { testServerUrl } from './test-server.ts';
