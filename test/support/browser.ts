export interface Opened {
  readonly url: string;
  /** Where it would have gone on to. */
  readonly next: string | undefined;
  readonly status: number;
  readonly text: string;
}

/** A mall admin's browser, as far as an authorization needs one: it has cookies and follows. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /**
   * Loads a page, by however many redirects.
   *
   * @param stopBefore a redirect to an address that begins so is not followed.
   */
  async open(address: string, stopBefore?: string): Promise<Opened> {
    const url = new URL(address);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: this.#cookiesFor(url) },
    });
    this.#keepCookies(url, response);
    const location = response.headers.get('location');
    const next = location === null ? undefined : new URL(location, url).href;
    if (next === undefined || (stopBefore !== undefined && next.startsWith(stopBefore))) {
      return { url: url.href, next, status: response.status, text: await response.text() };
    }
    return await this.open(next, stopBefore);
  }

  #cookiesFor({ host }: URL): string {
    return [...(this.#cookies.get(host) ?? [])].map((pair) => pair.join('=')).join('; ');
  }

  #keepCookies({ host }: URL, response: Response): void {
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      jar.set(name, value);
    }
    this.#cookies.set(host, jar);
  }
}
