// `npm run authorize -- <mall>`: plays the mall's admin who agrees in the browser, prints the code.
import { cafe24Control } from '#test/support/cafe24-provider/control.ts';
import { requireRunningLocalAws } from './require-running.ts';

const [mallId = 'demo-mall'] = process.argv.slice(2);
const { cafe24 } = await requireRunningLocalAws();
console.log(await cafe24Control(cafe24.controlUrl).issueCode(mallId));
