import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes that run a function of a local AWS, by what their environment says (Linux only):
 * nobody else's process names this endpoint and this function.
 */
export function functionProcesses(functionName: string, endpointUrl: string): readonly number[] {
  const marks = [`AWS_LAMBDA_FUNCTION_NAME=${functionName}`, `AWS_ENDPOINT_URL=${endpointUrl}`];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      const environment = environmentOf(pid);
      return marks.every((mark) => environment.includes(mark));
    })
    .map(Number);
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It has ended since, or is not ours to read.
    return [];
  }
}
