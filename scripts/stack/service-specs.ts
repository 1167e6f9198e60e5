import { join } from 'node:path';
import { passwordFile } from '@aistock/database/passwords';
import { SERVICE_NAMES, SERVICE_PORTS, type ServiceName } from '@aistock/shared';
import type { ServiceSpec } from './service-process.ts';
import type { StateFolder } from './state-folder.ts';

const PORT_BASE_DEFAULT = 8000;
/** Node keeps what it compiled there: a service that was started before starts a third faster. */
const COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/node');
const REPORT_KEY = 'report-key.pem';
/** Where the stack's own Postgres listens, counted from the port base. */
const POSTGRES_PORT_OFFSET = 54;

export const postgresPort = (portBase: number): number => portBase + POSTGRES_PORT_OFFSET;

export const servicePort = (service: ServiceName, portBase: number): number =>
  SERVICE_PORTS[service] - PORT_BASE_DEFAULT + portBase;

export const serviceUrl = (service: ServiceName, portBase: number): string =>
  `http://127.0.0.1:${servicePort(service, portBase)}`;

export interface StackPlace {
  readonly portBase: number;
  readonly folder: StateFolder;
  /** The database as its owner reaches it; each service gets the same place with a role of its own. */
  readonly adminUrl: string;
  /** The user's environment: settings such as EXCHANGE pass through to the services. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What to start for these services; all of them unless told, in the order in which the design lists them. */
export function serviceSpecs(
  place: StackPlace,
  services: readonly ServiceName[] = SERVICE_NAMES,
): readonly ServiceSpec[] {
  return services.map((service) => ({
    name: service,
    entry: `services/${service}/src/main.ts`,
    url: serviceUrl(service, place.portBase),
    env: serviceEnv(service, place),
    logFile: join(place.folder.logs, `${service}.log`),
  }));
}

/** The scheduler has no port and no database: it only calls ml_service. */
export function schedulerSpec(place: StackPlace): ServiceSpec {
  return {
    name: 'ml_scheduler',
    entry: 'services/ml_service/src/scheduler.ts',
    url: '',
    env: commonEnv(place),
    logFile: join(place.folder.logs, 'ml_scheduler.log'),
  };
}

function serviceEnv(service: ServiceName, place: StackPlace): Record<string, string> {
  return {
    ...commonEnv(place),
    PORT: String(servicePort(service, place.portBase)),
    DATABASE_URL: roleUrl(place.adminUrl, service),
    DATABASE_PASSWORD_FILE: passwordFile(place.folder.secrets, service),
    ...(service === 'auditor' ? { AUDIT_DIR: place.folder.audit } : {}),
    ...(service === 'ml_service' ? { REPORT_KEY_FILE: join(place.folder.reports, REPORT_KEY) } : {}),
  };
}

function commonEnv(place: StackPlace): Record<string, string> {
  const own = Object.entries(place.env).filter(
    ([name, value]) => value !== undefined && name !== 'DATABASE_URL',
  );
  const neighbours = SERVICE_NAMES.map((name) => [
    `${name.toUpperCase()}_URL`,
    serviceUrl(name, place.portBase),
  ]);
  return {
    ...(Object.fromEntries(own) as Record<string, string>),
    ...(Object.fromEntries(neighbours) as Record<string, string>),
    HOST: '127.0.0.1',
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    LAKE_DIR: place.folder.lake,
  };
}

/** The same database through a service's own role; the password comes from its file. */
function roleUrl(adminUrl: string, service: ServiceName): string {
  const url = new URL(adminUrl);
  url.username = `aistock_${service}`;
  url.password = '';
  return url.href;
}
