import { once } from 'node:events';
import { createServer } from 'node:net';

/** @throws Error naming the first port on the loopback interface that somebody else listens on. */
export async function requireFreePorts(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const server = createServer();
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    try {
      await once(server, 'listening');
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is in use' : String(error);
      throw new Error(`port ${port} ${why}: stop what listens there, or use --port-base`, { cause: error });
    }
    server.close();
    await once(server, 'close');
  }
}
