const BODY = `
  const { call, defineActor, durable, M } = require('@troupe/sdk-js');

  const show = (value, depth = 0) => {
    if (depth > 6) return '...';
    const each = (list) => list.map((item) => show(item, depth + 1)).join(', ');
    switch (typeof value) {
      case 'bigint': return value + 'n';
      case 'number': return Object.is(value, -0) ? '-0' : String(value);
      case 'string': return JSON.stringify(value);
      case 'function': return 'a function of ' + value.length;
      case 'object': break;
      default: return String(value);
    }
    if (value === null) return 'null';
    if (Array.isArray(value)) return '[' + each(Array.from(value)) + ']';
    if (value instanceof Map) return 'Map ' + each([...value]);
    if (value instanceof Set) return 'Set ' + each([...value]);
    if (ArrayBuffer.isView(value)) return value.constructor.name + ' ' + each(Array.from(value));
    if (value instanceof Error) return 'Error ' + value.name;
    return '{' + Reflect.ownKeys(value).map((key) => String(key) + ': ' + show(value[key], depth + 1)).join(', ') + '}';
  };

  exports.default = defineActor('Subject', {
    state: {
      value: null,
      nat: 0n,
      map: durable.map(M.any(), M.any()),
      set: durable.set(M.any()),
      list: durable.array(M.any()),
    },
    powers: ['directory', 'events'],
    payable: ['public.echo'],
    init: ({ directory, facets }) => { facets.grant('admin', directory.actor(100n)); },
    facets: {
      public: M.interface('Subject', {
        echo: M.call().rest(M.any()).returns(M.any()),
        keep: M.call(M.any()).returns(M.any()),
        put: M.call(M.any(), M.any()).returns(M.nat()),
        take: M.call(M.any()).returns(M.any()),
        emit: M.call(M.any()).returns(),
        strict: M.call(M.nat(), M.string({ stringLengthLimit: 8 }))
          .optional(M.arrayOf(M.or(M.bigint(), M.record()))).returns(M.nat()),
        relay: M.call(M.nat(), M.any()).returns(M.any()),
        run: M.call(M.string()).returns(M.string()),
      }),
      admin: M.interface('Admin', { reset: M.call().returns() }),
    },
    methods: {
      public: {
        echo: (_, ...values) => values,
        keep: ({ state }, value) => { state.value = value; return state.value; },
        put: ({ state }, key, value) => {
          state.map.set(key, value);
          state.set.add(key);
          state.list.push(value);
          return state.list.length;
        },
        take: ({ state }, key) => [state.map.get(key) ?? null, state.map.delete(key), state.set.has(key)],
        emit: ({ events }, value) => events.emit('said', { value }),
        strict: ({ state }, n, text, list = []) => (state.nat += n + BigInt(text.length + list.length)),
        relay: ({ directory }, id, value) => {
          try { return call(directory.actor(id)).keep(value); }
          catch (error) { return String(error.code); }
        },
        run: (_, source) => {
          try { return show(Function('show', source)(show)); }
          catch (error) { return 'threw ' + (error instanceof Error ? error.name : show(error)); }
        },
      },
      admin: { reset: ({ state }) => { state.nat = 0n; } },
    },
  });`

/** An actor of the SDK that does with a value all that can be done with one: returns it, keeps it, says it in an event, passes it on; and runs programs that are given to it as text. */
export const SUBJECT = `(function (require, exports) {${BODY}\n})`
