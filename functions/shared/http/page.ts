import type { Faults } from './http-handler.ts';
import type { HttpResponse } from './response.ts';

/** What a browser shows: plain text only, whatever it contains. */
export interface Page {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/**
 * For answers to a browser whose address bar may hold a secret: the page loads and runs nothing,
 * nobody frames it, and no link from it tells its address.
 */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** An answer that people read. */
export function page(status: number, { title, paragraphs }: Page): HttpResponse {
  const body = [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${toHtml(title)}</title>`,
    `<h1>${toHtml(title)}</h1>`,
    ...paragraphs.map((paragraph) => `<p>${toHtml(paragraph)}</p>`),
    '',
  ].join('\n');
  return { status, body, headers: HEADERS };
}

/** Sends a browser elsewhere (302). */
export function redirect(
  location: string,
  headers: Readonly<Record<string, string>>,
): HttpResponse {
  const { 'referrer-policy': referrerPolicy } = HEADERS;
  return {
    status: 302,
    body: '',
    headers: { ...headers, location, 'referrer-policy': referrerPolicy },
  };
}

/** Our faults, for people. */
export const PAGE_FAULTS: Faults = {
  unavailable: () =>
    page(503, {
      title: 'Not available now',
      paragraphs: ['Something that we need is not available now. Wait a minute, then begin again.'],
    }),
  internalError: () =>
    page(500, {
      title: 'Something went wrong',
      paragraphs: ['The fault is ours, and it is logged. Begin again later.'],
    }),
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
