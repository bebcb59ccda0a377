/** Does nothing with its arguments, for as long as it is let. */
console.log('here');
setInterval(() => undefined, 60_000);
