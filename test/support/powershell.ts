import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** One request of a PowerShell script, byte for byte. */
export interface PowerShellRequest {
  readonly url: string;
  readonly contentType: string;
  readonly token?: string;
  readonly body: Buffer;
}

/** Windows PowerShell 5.1 (.NET Framework's HttpWebRequest) or PowerShell 7 (.NET's HttpClient). */
export type Edition = '5.1' | '7';

const USER_AGENT = {
  '5.1': 'Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.20348.2700',
  '7': 'Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.20348; en-US) PowerShell/7.4.6',
} as const;
/** How long HttpWebRequest waits for `100 Continue` before it sends the body all the same. */
const CONTINUE_MS = 350;

/**
 * Sends as Invoke-RestMethod does: 5.1 announces its body with `Expect: 100-continue` and holds it
 * back until the server asks for it.
 */
export async function invokeRestMethod(
  edition: Edition,
  { url, contentType, token, body }: PowerShellRequest,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const outgoing = request(url, {
    method: 'POST',
    headers: {
      'User-Agent': USER_AGENT[edition],
      'Content-Type': contentType,
      'Content-Length': body.length,
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(edition === '5.1' && { Expect: '100-continue' }),
    },
  });
  const incoming = new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      const status = response.statusCode ?? 0;
      text(response).then((json) => {
        resolve({ status, body: JSON.parse(json) });
      }, reject);
    });
  });
  if (edition === '5.1') {
    outgoing.flushHeaders();
    await new Promise<void>((resolve) => {
      outgoing.once('continue', resolve);
      setTimeout(resolve, CONTINUE_MS);
    });
  }
  outgoing.end(body);
  return await incoming;
}

/**
 * The JSON of ConvertTo-Json: 5.1 aligns what it nests with the place where it began and puts two
 * blanks behind a colon; both end lines as Windows does.
 */
export function convertToJson(edition: Edition, value: unknown): string {
  const json = edition === '7' ? JSON.stringify(value, undefined, 2) : aligned(value, 0);
  return json.replace(/\r?\n/g, '\r\n');
}

function aligned(value: unknown, column: number): string {
  if (typeof value !== 'object' || value === null) return scalar(value);
  const pad = ' '.repeat(column + 4);
  const end = `\n${' '.repeat(column)}`;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => pad + aligned(item, column + 4));
    return `[\n${items.join(',\n')}${end}]`;
  }
  const fields = Object.entries(value).map(([name, field]) => {
    const start = `${pad}"${name}":  `;
    return start + aligned(field, start.length);
  });
  return `{\n${fields.join(',\n')}${end}}`;
}

/** JavaScriptSerializer escapes what HTML minds, and writes a date's slashes escaped. */
function scalar(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[<>&']/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/^"\/Date\((-?\d+)\)\/"$/, String.raw`"\/Date($1)\/"`);
}
