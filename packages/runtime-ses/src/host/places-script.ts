/** Functions that are noted of each error, the innermost first: more than what the SDK and its libraries put in front of an actor's own. */
export const MAXIMUM_SITES = 16
/** UTF-16 units of a function's text that are handed over with a place: its text is found again by them. */
export const MAXIMUM_TEXT = 4096

/**
 * The script that notes where errors come from: evaluated before lockdown, which takes all of that away, and kept from actors. Errors have no stacks, and nobody can read what is noted but the host, once an
 * invocation has failed. It is noted whether anybody is going to read it or not, so that it costs the same.
 *
 * Its completion value is `{ watch(), of(error), stack(error) }`: `watch` begins it, after lockdown. `of` gives the places of an error as lines `at file:line:column`; `stack` as JSON: for each
 * `[file, function, line, column, text, length]`, the last two of the function itself.
 */
export const PLACES_SCRIPT: string = `(() => {
  'use strict';
  const RealmError = Error;
  RealmError.stackTraceLimit = ${MAXIMUM_SITES};
  const { apply } = Reflect;
  const { toString } = Function.prototype;
  const { stringify } = JSON;
  const noted = new WeakMap();
  const note = (error, sites) => {
    if (!noted.has(error)) noted.set(error, sites);
    return '';
  };
  const lineOf = (site) => 'at ' + site.getFileName() + ':' + site.getLineNumber() + ':' + site.getColumnNumber();
  const rowOf = (site) => {
    const value = site.getFunction();
    const text = typeof value === 'function' ? apply(toString, value, []) : '';
    return [site.getScriptNameOrSourceURL?.() ?? site.getFileName(), site.getFunctionName(), site.getLineNumber(), site.getColumnNumber(), text.slice(0, ${MAXIMUM_TEXT}), text.length];
  };
  const sitesOf = (error) => noted.get(error) ?? [];
  return {
    watch() { RealmError.prepareStackTrace = note; },
    of: (error) => sitesOf(error).map(lineOf).join('\\n'),
    stack: (error) => stringify(sitesOf(error).map(rowOf)),
  };
})()`
