import { inspect } from 'node:util';

/** A text that is never printed: logs, JSON and error messages show `[secret]`. */
export class Secret {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  /** The text itself, for the one place that needs it. */
  reveal(): string {
    return this.#text;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

const SECRET_NAME = /PASSWORD|PASSPHRASE|TOKEN|SECRET|CREDENTIAL|API_?KEY|PRIVATE_?KEY|AUTHORIZATION|COOKIE/i;

/** Whether a variable, header or field of this name may hold a secret, by its name alone. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi;

/** The text without the passwords of the URLs in it. */
export function withoutUrlPasswords(text: string): string {
  return text.includes('://') ? text.replace(URL_PASSWORD, '$1:[secret]@') : text;
}
