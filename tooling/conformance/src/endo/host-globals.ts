/**
 * What tests of endo find in Node and not in the engine, before anything of theirs is evaluated: a silent console, timers that do not wait, and of `URL` what resolving the name of a module takes.
 */
export const HOST_GLOBALS: string = `(() => {
  const nothing = () => {};
  const methods = [
    'debug', 'log', 'info', 'warn', 'error', 'trace', 'dir', 'dirxml', 'assert', 'clear', 'table', 'count', 'countReset', 'time', 'timeEnd', 'timeLog',
    'timeStamp', 'profile', 'profileEnd', 'group', 'groupCollapsed', 'groupEnd',
  ];
  globalThis.console = Object.fromEntries(methods.map((name) => [name, nothing]));
  globalThis.process = { env: {}, on: nothing, exit: nothing, abort: nothing };
  globalThis.setTimeout = (run, _, ...values) => (Promise.resolve().then(() => run(...values)), 1);
  globalThis.setImmediate = (run, ...values) => (Promise.resolve().then(() => run(...values)), 1);
  globalThis.clearTimeout = nothing;
  const ABSOLUTE = /^([a-z]+:\\/\\/[^/]*)(\\/.*)?$/;
  globalThis.URL = class URL {
    constructor(specifier, base) {
      const absolute = ABSOLUTE.exec(specifier);
      const [, origin, path = '/'] = absolute ?? ABSOLUTE.exec(base) ?? [];
      if (origin === undefined) throw new TypeError('Invalid URL');
      const whole = absolute || specifier.startsWith('/') ? (absolute ? path : specifier) : path.replace(/[^/]*$/, '') + specifier;
      const parts = [];
      for (const part of whole.split('/').slice(1)) {
        if (part === '..') parts.pop();
        else if (part !== '.') parts.push(part);
      }
      this.origin = origin;
      this.pathname = '/' + parts.join('/');
    }
    get href() { return this.origin + this.pathname; }
    toString() { return this.href; }
  };
})();`
