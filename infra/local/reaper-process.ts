/**
 * Waits until the process that started it is gone, however it went, and removes what it left.
 *
 * Each line of standard input is the whole of {@link Belongings} so far; its end means that the
 * other side is done or dead.
 */
import { createInterface } from 'node:readline';
import { belongingsSchema, removeBelongings } from './belongings.ts';

let lastLine: string | undefined;
for await (const line of createInterface({ input: process.stdin })) lastLine = line;
if (lastLine !== undefined) await removeBelongings(belongingsSchema.parse(JSON.parse(lastLine)));
