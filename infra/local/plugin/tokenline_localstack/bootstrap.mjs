// Node.js client of the AWS Lambda Runtime API, started by node_child.py for each execution environment.
import { Buffer } from 'node:buffer';
import console from 'node:console';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { setInterval } from 'node:timers';
import { pathToFileURL } from 'node:url';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const child = process.env.TOKENLINE_CHILD_ID;
delete process.env.TOKENLINE_CHILD_ID;
const agent = new http.Agent({ keepAlive: true });

const parent = process.ppid;
// LocalStack gone (even by SIGKILL): the child is adopted by another process and must not stay.
setInterval(() => process.ppid === parent || process.exit(0), 1000).unref();

let currentRequestId;
for (const [event, kind] of [
  ['uncaughtException', 'Runtime.UnhandledError'],
  ['unhandledRejection', 'Runtime.UnhandledPromiseRejection'],
]) {
  process.on(event, async (error) => {
    console.error(kind, error);
    markEndOfOutput();
    const route = currentRequestId ? `invocation/${currentRequestId}/error` : 'init/error';
    await call('POST', route, errorBody(error, kind)).catch(() => undefined);
    process.exit(129);
  });
}

const handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER ?? '').catch(
  async (error) => {
    console.error(error);
    await call('POST', 'init/error', errorBody(error)).catch(() => undefined);
    process.exit(1);
  },
);
for (;;) {
  const next = await call('GET', 'invocation/next').catch(() => process.exit(0));
  if (next.status !== 200) process.exit(0);
  currentRequestId = next.headers['lambda-runtime-aws-request-id'];
  const [outcome, body] = await answer(next);
  markEndOfOutput();
  const route = `invocation/${currentRequestId}/${outcome}`;
  await call('POST', route, body).catch(() => process.exit(0));
  currentRequestId = undefined;
}

async function loadHandler(root, name) {
  const dot = name.indexOf('.', name.lastIndexOf('/') + 1);
  const [file, ...members] = [name.slice(0, dot), ...name.slice(dot + 1).split('.')];
  const found = ['.js', '.mjs', '.cjs', '']
    .map((extension) => path.join(root, file + extension))
    .find((entry) => fs.statSync(entry, { throwIfNoEntry: false })?.isFile());
  if (!found) throw named('Runtime.ImportModuleError', `Cannot find module '${file}'`);
  const module = await import(pathToFileURL(found));
  const pick = (from) => members.reduce((at, member) => at?.[member], from);
  const picked = pick(module) ?? pick(module.default);
  if (typeof picked === 'function') return picked;
  throw named('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
}

/** @returns `['response' or 'error', body]` */
async function answer({ headers, body }) {
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
  try {
    const result = await invoke(JSON.parse(body), contextOf(headers));
    return ['response', JSON.stringify(result) ?? 'null'];
  } catch (error) {
    console.error(error);
    return ['error', errorBody(error)];
  }
}

/** A handler with three parameters takes a callback. */
async function invoke(event, context) {
  if (handler.length < 3) return handler(event, context);
  return new Promise((resolve, reject) => {
    const promised = handler(event, context, (error, value) =>
      error ? reject(error) : resolve(value),
    );
    if (typeof promised?.then === 'function') promised.then(resolve, reject);
  });
}

function contextOf(headers) {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

function call(method, route, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'x-tokenline-child': child };
    if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
    const target = { host, port, method, agent, headers, path: `/2018-06-01/runtime/${route}` };
    const request = http.request(target, async (response) => {
      const chunks = await response.toArray();
      const { statusCode: status, headers: answered } = response;
      resolve({ status, headers: answered, body: Buffer.concat(chunks) });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function markEndOfOutput() {
  fs.writeSync(1, '\0done\n');
}

function named(name, message) {
  return Object.assign(new Error(message), { name });
}

function errorBody(error, kind) {
  return JSON.stringify({
    errorType: kind ?? error?.name ?? 'Error',
    errorMessage: error instanceof Error ? error.message : String(error),
    trace: String(error?.stack ?? '').split('\n'),
  });
}
