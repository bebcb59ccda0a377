import type { Page } from '#shared/http/page.ts';

export const AUTHORIZED: Page = {
  title: 'Authorized',
  paragraphs: [
    'Your mall has authorized us. There is nothing more to do: you may close this page.',
  ],
};

/** The same for every reason: the way out is always to begin again. */
export const BEGIN_AGAIN: Page = {
  title: 'Please begin again',
  paragraphs: [
    'This page can be opened once, within 10 minutes, and only in the browser that began.',
    'If you have seen that the mall is authorized, all is well: you may close this page. Otherwise open the authorization link of your mall again, in this browser, and agree.',
  ],
};

/** @param error the provider's code. */
export function refusedPage(error: string): Page {
  return {
    title: 'Not authorized',
    paragraphs: [
      `Cafe24 has not authorized us; it said: ${error}. An authorization that your mall gave before stays as it was.`,
      'If you want to authorize us, open the authorization link of your mall again and agree.',
    ],
  };
}
