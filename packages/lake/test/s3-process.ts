// The server itself: it says its port to its parent and ends with it. Its continuation tokens need a cipher that
// OpenSSL has in its legacy provider only, so it runs in a process of its own.
import S3rver from 's3rver';

const [directory = '', bucket = ''] = process.argv.slice(2);
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  configureBuckets: [{ name: bucket }],
});
const { port } = await server.run();
process.on('disconnect', () => process.exit());
process.send?.(port);
