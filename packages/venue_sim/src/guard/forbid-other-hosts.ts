import { Socket } from 'node:net';

/** A connection that a process tried to make and may not. */
export class ForbiddenHost extends Error {
  override readonly name = 'ForbiddenHost';
  readonly code = 'forbidden_host';
}

/** Ends what was forbidden. */
export interface HostGuard extends Disposable {
  readonly lift: () => void;
}

/**
 * From here on every TCP connection of this process to anything but these origins fails with {@link ForbiddenHost} before
 * a name is looked up: `fetch`, `node:http`, `node:https`, `node:tls` and database drivers all go through the one method
 * that this replaces, `net.Socket.prototype.connect`. Connections that are open already, Unix sockets and UDP are not held
 * back. Nothing is replaced unless this is called.
 * @param allowedOrigins such as `http://127.0.0.1:8010`; a port must be told where it is not the scheme's own.
 * @throws TypeError where an origin is no URL.
 */
export function forbidOtherHosts(...allowedOrigins: readonly string[]): HostGuard {
  const allowed = new Set(allowedOrigins.map(addressOf));
  const connect = Reflect.get(Socket.prototype, 'connect') as Connect;
  const guarded: Connect = function (...args) {
    const target = targetOf(args);
    if (target === undefined || allowed.has(target)) return connect.apply(this, args);
    process.nextTick(() => this.destroy(new ForbiddenHost(`a connection to ${target} is not allowed`)));
    return this;
  };
  Socket.prototype.connect = guarded;
  const lift = (): void => {
    if (Reflect.get(Socket.prototype, 'connect') === guarded) Socket.prototype.connect = connect;
  };
  return { lift, [Symbol.dispose]: lift };
}

/** Node's own calls and its callers' have many forms. */
type Connect = (this: Socket, ...args: unknown[]) => Socket;

const PORTS: Readonly<Record<string, string>> = {
  'http:': '80',
  'https:': '443',
  'postgres:': '5432',
  'postgresql:': '5432',
};

function addressOf(origin: string): string {
  const { hostname, port, protocol } = new URL(origin);
  return address(hostname.replace(/^\[|\]$/g, ''), port === '' ? PORTS[protocol] : port);
}

function address(host: string | undefined, port: string | number | undefined): string {
  return `${host ?? 'localhost'}:${port}`;
}

type Target = { readonly host?: string; readonly port?: string | number; readonly path?: string };

/** Undefined for a Unix socket. Node hands its own calls on as one list; callers give options, or port and host. */
function targetOf(args: readonly unknown[]): string | undefined {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    const { host, port, path } = first as Target;
    return port === undefined && path !== undefined ? undefined : address(host, port);
  }
  const port = Number(first);
  return Number.isInteger(port) ? address(typeof second === 'string' ? second : undefined, port) : undefined;
}
