import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role, Route } from '@aistock/shared';
import type { BaseConfig } from './env.ts';
import type { Actor } from './request-context.ts';
import { ServiceError } from './service-error.ts';

/** Finds out who calls, and whether that role may. */
export type Authorise = (roles: Route['roles'], authorization: string | undefined) => Actor;

/** Where nobody is asked, whoever reaches this machine's loopback is its operator. */
const NOBODY_ASKED: Actor = { role: 'operator' };
const BEARER = /^Bearer ([\x21-\x7e]{1,1000})$/i;

/**
 * The authorisation of a service.
 * @throws ServiceError 401 without a known token, 403 where its role is not listed.
 */
export function createAuthorise(config: BaseConfig): Authorise {
  if (config.AUTH_MODE === 'off') return () => NOBODY_ASKED;
  const known = knownTokens(config);
  return (roles, authorization) => {
    if (roles === 'public') return { role: 'viewer' };
    const role = findRole(known, authorization);
    if (role === undefined)
      throw new ServiceError(
        'unauthenticated',
        401,
        'give a known token in the header "authorization: Bearer ..."',
        { headers: { 'www-authenticate': 'Bearer realm="aistock"' } },
      );
    if (!roles.includes(role))
      throw new ServiceError(
        'role_not_allowed',
        403,
        `role ${role} may not do this; allowed: ${roles.join(', ')}`,
      );
    return { role };
  };
}

interface KnownToken {
  readonly role: Role;
  readonly sha256: Buffer;
}

function knownTokens(config: BaseConfig): readonly KnownToken[] {
  const tokens = {
    viewer: config.AUTH_TOKEN_VIEWER,
    operator: config.AUTH_TOKEN_OPERATOR,
    trader: config.AUTH_TOKEN_TRADER,
    service: config.AUTH_TOKEN_SERVICE,
  } satisfies Record<Role, unknown>;
  return Object.entries(tokens).flatMap(([role, token]) =>
    token ? [{ role: role as Role, sha256: sha256(token.reveal()) }] : [],
  );
}

/** Compares hashes, all of them, so that the time taken tells nothing about any token. */
function findRole(known: readonly KnownToken[], authorization: string | undefined): Role | undefined {
  const given = BEARER.exec(authorization ?? '')?.[1];
  if (given === undefined) return undefined;
  const hash = sha256(given);
  let found: Role | undefined;
  for (const token of known) if (timingSafeEqual(token.sha256, hash)) found = token.role;
  return found;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
