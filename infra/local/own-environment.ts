// Imported first by what a person starts: from here on this process, and all that it starts, is as if
// it had been started in a clean shell. Node's own fetch asks NO_PROXY at each request (undici's
// EnvHttpProxyAgent, read 2026-11), the AWS SDK and pg their variables at each client.
import { cleanEnvironment } from './clean-environment.ts';

const clean = cleanEnvironment(process.env);
for (const name of Object.keys(process.env))
  if (!(name in clean)) Reflect.deleteProperty(process.env, name);
Object.assign(process.env, clean);
