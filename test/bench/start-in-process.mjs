/** `start-in-process.mjs MODULE`: how long `startMailproof()` takes the first time and ten times after, as JSON. */
import process from "node:process";
import { pathToFileURL } from "node:url";

const { startMailproof } = await import(pathToFileURL(process.argv[2]).href);

const times = [];
for (let n = 0; n < 11; n += 1) {
  const begun = performance.now();
  const mail = await startMailproof();
  times.push(performance.now() - begun);
  await mail.close();
}
const [first, ...later] = times;
console.log(JSON.stringify({ first, later }));
