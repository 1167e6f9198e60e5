/** pg lets what the URL says, even no password at all, win over its own options. */
export function urlWithPassword({
  url,
  password,
}: {
  readonly url: string;
  readonly password?: string | undefined;
}): string {
  if (password === undefined) return url;
  const whole = new URL(url);
  whole.password = encodeURIComponent(password);
  return whole.href;
}
