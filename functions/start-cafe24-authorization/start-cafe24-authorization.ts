import { page, redirect, type Page } from '#shared/http/page.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import type { HttpResponse } from '#shared/http/response.ts';
import type { Application, Dependencies } from './dependencies.ts';

const UNKNOWN_MALL: Page = {
  title: 'No such mall',
  paragraphs: [
    'Nothing can be authorized here for this mall. Look at the link that you were given.',
  ],
};

/**
 * Sends a mall's admin to Cafe24 to authorize us: `GET /cafe24/authorize?mall=<id>`.
 *
 * The way back is open for 10 minutes, once, and for this browser only. A browser that authorizes
 * several malls at once keeps one cookie for all of them.
 *
 * @returns 302 to Cafe24, or a page with 404 for a mall that is not configured.
 * @throws {@link DependencyUnavailableError} (503) the state can not be stored now.
 */
export async function startCafe24Authorization(
  request: HttpRequest,
  { malls, application, states, cookie, newSecret }: Dependencies,
): Promise<HttpResponse> {
  const mallId = request.query['mall'];
  if (mallId === undefined || !malls.has(mallId)) return page(404, UNKNOWN_MALL);
  const proof = { state: newSecret(), browser: cookie.read(request) ?? newSecret() };
  await states.issue(proof, mallId);
  return redirect(authorizeUrl(application, mallId, proof.state), {
    'set-cookie': cookie.write(proof.browser),
  });
}

function authorizeUrl(application: Application, mallId: string, state: string): string {
  const { apiUrl, clientId, redirectUri, scopes } = application;
  const url = new URL(`${apiUrl.replace('{mallId}', mallId)}/api/v2/oauth/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    state,
    redirect_uri: redirectUri,
    scope: scopes,
  }).toString();
  return url.href;
}
