/** What a caller of the stack's API sends beside the route. */
export interface ApiRequest {
  readonly token?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** An object becomes JSON; text and bytes are sent as they are. */
  readonly body?: object | string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Calls the stack's API through API Gateway, as senders do.
 *
 * @param route `POST /auth`
 */
export async function callApi(
  apiUrl: string,
  route: string,
  { token, query = {}, body }: ApiRequest,
): Promise<ApiAnswer> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`${apiUrl}${path}?${new URLSearchParams(query).toString()}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: toBody(body) }),
  });
  return { status: response.status, body: await response.json() };
}

function toBody(body: object | string): string | Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}
