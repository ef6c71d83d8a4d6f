/**
 * The script of a small SDK for hardened JavaScript: an actor's script evaluates to an object whose methods, by their numbers, take the host's kernel and the parameter block, and give a block to return or a
 * promise of one. What they throw ends the call with exit code 23.
 */
export const SMALL_SDK = `(() => {
  'use strict';
  let actor, host, ended, result;
  const textOf = (error) => { try { return String(error) } catch { return 'unspeakable' } };
  const refuse = (code, error) => JSON.stringify({ isAccepted: false, code, reason: textOf(error) });
  const start = (kernel, run) => {
    host = kernel;
    ended = false;
    Promise.resolve().then(run).then(
      (value) => { ended = true; result = value },
      (error) => {
        ended = true;
        if (error !== null && typeof error === 'object' && 'errorNumber' in error) host.abort(24, 'error number ' + error.errorNumber, undefined, error);
        host.abort(23, textOf(error), undefined, error);
      });
  };
  return {
    prepare(source) {
      let value;
      try { value = new Compartment().evaluate(source) }
      catch (error) { return refuse(error instanceof SyntaxError ? 'actor/syntax' : 'actor/threw', error) }
      if (typeof value !== 'object' || value === null) return refuse('actor/no-default-export', typeof value);
      actor = value;
      return JSON.stringify({ isAccepted: true, name: 'test', isReentrant: value.isReentrant !== false, methods: [] });
    },
    begin(kernel, method, parameters) {
      start(kernel, () => {
        const found = actor[method];
        if (found === undefined) kernel.abort(22, 'no method ' + method, undefined);
        return found.call(actor, kernel, parameters);
      });
    },
    beginUpgrade(kernel, parameters, info) {
      start(kernel, () => actor.upgrade(kernel, parameters, info));
    },
    conclude() {
      if (!ended) host.abort(24, 'the promise that the method gave is still pending', undefined);
      return result;
    },
  };
})()`
